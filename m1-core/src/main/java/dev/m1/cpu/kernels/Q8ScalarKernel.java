package dev.m1.cpu.kernels;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** 8-bit weights in plain Java. */
final class Q8ScalarKernel extends Q8Kernel {
    /** 1.5 * 2^23: adding it rounds a float below 2^22 to an integer, ties to even, into the low bits of the sum. */
    static final float ROUND = 0x1.8p23f;

    static final int MAGNITUDE = 0x7fffffff;
    static final int INFINITE = 0x7f800000; // bits of infinity; a NaN's are above
    static final ValueLayout.OfInt LANE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int WIDTH = 16;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output) {
        for (int block = 0; block < matrix.blocks; block++) {
            int from = block * Q8Matrix.BLOCK;
            int largest = 0;
            for (int i = from; i < from + Q8Matrix.BLOCK; i++) {
                largest = Math.max(largest, Float.floatToRawIntBits(slots[i]) & MAGNITUDE);
            }
            if (largest >= INFINITE) {
                return from;
            }
            float scale = scale(largest);
            for (int j = 0; j < Q8Matrix.STEPS; j++) {
                int lane = 0;
                for (int b = 0; b < 4; b++) {
                    int q = Float.floatToRawIntBits(slots[from + b * Q8Matrix.STEPS + j] / scale + ROUND);
                    lane |= (q & 0xff) << 8 * b;
                }
                lanes[j] = lane ^ Q8Matrix.EXCESSES;
            }
            store(lanes, scale, matrix, output, block);
        }
        return -1;
    }

    static float scale(int largest) {
        return Math.max(Float.intBitsToFloat(largest) / Q8Matrix.LARGEST, Q8Matrix.LEAST_SCALE);
    }

    /** Writes a row's block into its lane of the panel. */
    static void store(int[] lanes, float scale, Q8Matrix matrix, int output, int block) {
        int panel = output / matrix.width;
        long lane = output % matrix.width * 4L;
        matrix.scales.set(TensorReader.FLOAT, matrix.scales(panel, block) + lane, scale);
        long at = matrix.quants(panel, block) + lane;
        for (int j = 0; j < Q8Matrix.STEPS; j++) {
            matrix.quants.set(LANE, at + 4L * j * matrix.width, lanes[j]);
        }
    }

    @Override
    public void four(Q8Matrix matrix, int panel, int apart, LinearScratch scratch) {
        for (int p = 0; p < 4; p++) {
            for (int r = 0; r < WIDTH; r++) {
                float total = row(matrix, panel + p * apart, r, scratch.memory, scratch.acts);
                scratch.memory[scratch.lanes + p * WIDTH + r] = total;
            }
        }
    }

    private static float row(Q8Matrix matrix, int panel, int r, float[] memory, int acts) {
        float total = 0;
        for (int block = 0; block < matrix.blocks; block++) {
            int a = acts + block * (1 + Q8Matrix.BLOCK);
            float sum = memory[a];
            for (int j = 0; j < Q8Matrix.STEPS; j++) {
                int lane = lane(matrix, panel, block, j, r);
                for (int b = 0; b < 4; b++) {
                    sum = Math.fma(value(lane, b), memory[a + 1 + 4 * j + b], sum);
                }
            }
            total = Math.fma(sum, scale(matrix, panel, block, r), total);
        }
        return total;
    }

    private static float value(int lane, int byteOfLane) {
        return lane & 0xff << 8 * byteOfLane;
    }

    @Override
    void few(Q8Matrix matrix, int panel, int firstBlock, int blocks, float[] memory, int acts, int totals) {
        for (int block = 0; block < blocks; block++) {
            int a = acts + block * (1 + Q8Matrix.BLOCK) * 4;
            for (int t = 0; t < 4; t++) {
                for (int r = 0; r < WIDTH; r++) {
                    float sum = memory[a + t];
                    for (int k = 0; k < Q8Matrix.BLOCK; k++) {
                        int lane = lane(matrix, panel, firstBlock + block, k / 4, r);
                        sum = Math.fma(value(lane, k % 4), memory[a + 4 + 4 * k + t], sum);
                    }
                    int to = totals + t * WIDTH + r;
                    memory[to] = Math.fma(sum, scale(matrix, panel, firstBlock + block, r), memory[to]);
                }
            }
        }
    }

    @Override
    void unpack(Q8Matrix matrix, int panel, int firstBlock, int blocks, LinearScratch scratch) {
        float[] memory = scratch.memory;
        for (int block = 0; block < blocks; block++) {
            int scales = scratch.panel + (blocks * Q8Matrix.BLOCK + block) * WIDTH;
            for (int r = 0; r < WIDTH; r++) {
                memory[scales + r] = scale(matrix, panel, firstBlock + block, r);
                for (int j = 0; j < Q8Matrix.STEPS; j++) {
                    int lane = lane(matrix, panel, firstBlock + block, j, r);
                    for (int b = 0; b < 4; b++) {
                        memory[scratch.panel + (block * Q8Matrix.BLOCK + 4 * j + b) * WIDTH + r] = value(lane, b);
                    }
                }
            }
        }
    }

    private static int lane(Q8Matrix matrix, int panel, int block, int step, int r) {
        return matrix.quants.get(LANE, matrix.quants(panel, block) + 4L * (step * WIDTH + r));
    }

    private static float scale(Q8Matrix matrix, int panel, int block, int r) {
        return matrix.scales.get(TensorReader.FLOAT, matrix.scales(panel, block) + 4L * r);
    }

    @Override
    void tile(int blocks, LinearScratch scratch, int acts, int totals) {
        float[] memory = scratch.memory;
        for (int block = 0; block < blocks; block++) {
            int a = acts + block * (1 + Q8Matrix.BLOCK) * 4;
            int w = scratch.panel + block * Q8Matrix.BLOCK * WIDTH;
            int scale = scratch.panel + (blocks * Q8Matrix.BLOCK + block) * WIDTH;
            for (int t = 0; t < 4; t++) {
                for (int r = 0; r < WIDTH; r++) {
                    float sum = memory[a + t];
                    for (int k = 0; k < Q8Matrix.BLOCK; k++) {
                        sum = Math.fma(memory[w + k * WIDTH + r], memory[a + 4 + 4 * k + t], sum);
                    }
                    int to = totals + t * WIDTH + r;
                    memory[to] = Math.fma(sum, memory[scale + r], memory[to]);
                }
            }
        }
    }
}
