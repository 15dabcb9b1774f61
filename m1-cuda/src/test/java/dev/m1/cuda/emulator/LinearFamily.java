package dev.m1.cuda.emulator;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Linear kernels for one type of weights that give the same bits: one for each number of tokens. */
record LinearFamily(Element element, String name, int[] tiles, int threads, int padding) {
    static final List<LinearFamily> ALL = List.of(
            new LinearFamily(Element.F32, "m1_linear_f32_m", new int[] {1, 2, 4, 8}, 128, 8),
            new LinearFamily(Element.F16, "m1_linear_f16_m", new int[] {1, 2, 4, 8}, 128, 8),
            new LinearFamily(Element.BF16, "m1_linear_bf16_m", new int[] {1, 2, 4, 8}, 128, 8),
            new LinearFamily(Element.BF16, "m1_linear_mma_bf16_m", new int[] {8, 16, 32, 64}, 256, 64));

    /** Rows of W that a block computes. */
    int rows(int tile) {
        return tile == 64 ? 256 : 16;
    }

    int ldw(int k) {
        return (k + padding - 1) / padding * padding;
    }

    /** W [n, k] with its stride; kernels of the tensor cores read the padding, which is zero then. */
    MemorySegment weight(Gpu gpu, float[] w, int k) {
        float[] padded = Buffers.strided(w, k, ldw(k));
        for (int i = 0; i < padded.length && padding > 8; i++) {
            padded[i] = Float.isNaN(padded[i]) ? 0 : padded[i];
        }
        return element.buffer(gpu, padded);
    }
}
