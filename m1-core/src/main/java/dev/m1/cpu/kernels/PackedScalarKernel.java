package dev.m1.cpu.kernels;

/** Stored weights in panels, in plain Java. */
abstract class PackedScalarKernel extends PackedKernel {
    private static final int WIDTH = 8;

    /** For panels of bfloat16. */
    static final class OfBf16 extends PackedScalarKernel {
        @Override
        float weight(PackedMatrix matrix, long panel, int input, int r) {
            int word = matrix.words.get(PackedMatrix.WORD, panel + (long) (input / 2 * WIDTH + r) * Integer.BYTES);
            return Float.intBitsToFloat(input % 2 == 0 ? word << 16 : word & 0xffff0000);
        }
    }

    /** For panels of floats. */
    static final class OfF32 extends PackedScalarKernel {
        @Override
        float weight(PackedMatrix matrix, long panel, int input, int r) {
            return matrix.words.get(TensorReader.FLOAT, panel + (long) (input * WIDTH + r) * Float.BYTES);
        }
    }

    /**
     * A weight.
     *
     * @param panel where the panel begins, in bytes
     * @param r the row's place in it
     */
    abstract float weight(PackedMatrix matrix, long panel, int input, int r);

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public void four(PackedMatrix matrix, int panel, int apart, float[] memory, int acts, int totals) {
        for (int p = 0; p < 4; p++) {
            long start = matrix.words(panel + p * apart, 0);
            for (int r = 0; r < WIDTH; r++) {
                memory[totals + p * WIDTH + r] = row(matrix, start, r, memory, acts);
            }
        }
    }

    private float row(PackedMatrix matrix, long panel, int r, float[] memory, int acts) {
        int inputs = matrix.blocks * PanelMatrix.BLOCK;
        float total = 0;
        for (int chunk = 0; chunk < inputs; chunk += CHUNK) {
            float sum = 0;
            for (int i = chunk; i < Math.min(inputs, chunk + CHUNK); i++) {
                sum = Math.fma(weight(matrix, panel, i, r), memory[acts + i], sum);
            }
            total += sum;
        }
        return total;
    }

    @Override
    public void unpack(
            PackedMatrix matrix, int panel, int second, int firstBlock, int blocks, float[] memory, int to) {
        int first = firstBlock * PanelMatrix.BLOCK;
        for (int p = 0; p < 2; p++) {
            long start = matrix.words(p == 0 ? panel : second, 0);
            for (int i = 0; i < blocks * PanelMatrix.BLOCK; i++) {
                for (int r = 0; r < WIDTH; r++) {
                    memory[to + (2 * i + p) * WIDTH + r] = weight(matrix, start, first + i, r);
                }
            }
        }
    }

    @Override
    public void tile(float[] memory, int unpacked, int blocks, int acts, int totals) {
        for (int t = 0; t < 4; t++) {
            for (int r = 0; r < 2 * WIDTH; r++) {
                float sum = 0;
                for (int i = 0; i < blocks * PanelMatrix.BLOCK; i++) {
                    sum = Math.fma(memory[unpacked + i * 2 * WIDTH + r], memory[acts + 4 * i + t], sum);
                }
                memory[totals + (r / WIDTH * 4 + t) * WIDTH + r % WIDTH] += sum;
            }
        }
    }
}
