package dev.m1.cpu.kernels;

/** Stored weights in panels, in plain Java. */
abstract class PackedScalarKernel extends PackedKernel {
    private static final int WIDTH = 16;

    /** For panels of bfloat16. */
    static final class OfBf16 extends PackedScalarKernel {
        private static final int HALF = WIDTH / 2;

        @Override
        float weight(PackedMatrix matrix, long panel, int input, int r) {
            long at = panel + ((long) input * HALF + r % HALF) * Integer.BYTES;
            int word = matrix.words.get(PackedMatrix.WORD, at);
            return Float.intBitsToFloat(r < HALF ? word << 16 : word & 0xffff0000);
        }
    }

    /** For panels of floats. */
    static final class OfF32 extends PackedScalarKernel {
        @Override
        float weight(PackedMatrix matrix, long panel, int input, int r) {
            return matrix.words.get(TensorReader.FLOAT, panel + ((long) input * WIDTH + r) * Float.BYTES);
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
    public void four(PackedMatrix matrix, int panel, int apart, LinearScratch scratch) {
        for (int p = 0; p < 4; p++) {
            long start = matrix.words(panel + p * apart, 0);
            for (int r = 0; r < WIDTH; r++) {
                scratch.memory[scratch.lanes + p * WIDTH + r] = row(matrix, start, r, scratch.memory, scratch.acts);
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
    void tile(PackedMatrix matrix, long start, int blocks, LinearScratch scratch, int acts, int totals, long ahead) {
        float[] memory = scratch.memory;
        for (int t = 0; t < 4; t++) {
            for (int r = 0; r < WIDTH; r++) {
                float sum = 0;
                for (int i = 0; i < blocks * PanelMatrix.BLOCK; i++) {
                    sum = Math.fma(weight(matrix, start, i, r), memory[acts + 4 * i + t], sum);
                }
                memory[totals + t * WIDTH + r] += sum;
            }
        }
    }
}
