package dev.m1.cpu.kernels;

/**
 * The order in which sums over many elements are taken: 16 partial sums, combined by a fixed tree. Only products
 * with weights in panels have others, see {@link PanelKernel}.
 *
 * <p>Floating-point addition is not associative, so a sum is reproducible only if its order is fixed. Sixteen lanes
 * are one 512-bit, two 256-bit or four 128-bit vectors, and sixteen local variables of plain Java: every kernel
 * keeps the same partial sums whatever the machine, the number of rows in a matrix product, or the thread that runs
 * it. Element {@code k} goes to the lane of {@code k mod 16}, in ascending order of {@code k}, by fused
 * multiply-add; a length that is not a multiple of 16 is padded with zeros in matrix products.
 *
 * <p>In matrix products the lanes are stored evens first: slot 0…7 holds {@code k mod 16} = 0, 2, … 14 and slot
 * 8…15 holds 1, 3, … 15. That is how two neighbouring bfloat16 come apart when they are loaded as one 32-bit
 * integer: a shift gives the even one, a mask the odd one.
 */
final class Lanes {
    /** Partial sums of one dot product. */
    static final int COUNT = 16;

    private Lanes() {}

    /** Length rounded up to whole steps of {@link #COUNT} elements. */
    static int padded(int length) {
        return Math.addExact(length, COUNT - 1) & -COUNT;
    }

    /** The sum of 16 lanes from {@code offset} on: halves are added until one is left. */
    static float sum(float[] lanes, int offset) {
        float a0 = lanes[offset] + lanes[offset + 8];
        float a1 = lanes[offset + 1] + lanes[offset + 9];
        float a2 = lanes[offset + 2] + lanes[offset + 10];
        float a3 = lanes[offset + 3] + lanes[offset + 11];
        float a4 = lanes[offset + 4] + lanes[offset + 12];
        float a5 = lanes[offset + 5] + lanes[offset + 13];
        float a6 = lanes[offset + 6] + lanes[offset + 14];
        float a7 = lanes[offset + 7] + lanes[offset + 15];
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }

    /** The sum of 16 lanes of which {@link Kernels#fold} left the four from {@code offset} on. */
    static float rest(float[] folded, int offset) {
        return (folded[offset] + folded[offset + 2]) + (folded[offset + 1] + folded[offset + 3]);
    }

    /**
     * Copies a row into slot order, one step of 16 every {@code stride} elements, and fills the last step up with
     * zeros.
     *
     * @param row {@code [length]} from {@code from} on
     * @param target {@code [steps, stride]} from {@code to} on, of which the first 16 of each step are written
     */
    static void spread(float[] row, int from, int length, float[] target, int to, int stride) {
        int k = 0;
        for (; k <= length - COUNT; k += COUNT, to += stride) {
            for (int j = 0; j < 8; j++) {
                target[to + j] = row[from + k + 2 * j];
                target[to + 8 + j] = row[from + k + 2 * j + 1];
            }
        }
        if (k < length) {
            for (int j = 0; j < COUNT; j++) {
                int i = k + (j < 8 ? 2 * j : 2 * (j - 8) + 1);
                target[to + j] = i < length ? row[from + i] : 0;
            }
        }
    }
}
