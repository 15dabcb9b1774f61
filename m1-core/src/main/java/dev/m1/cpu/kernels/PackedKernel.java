package dev.m1.cpu.kernels;

import java.util.Arrays;

/**
 * Products of stored weights in panels. An output:
 *
 * <pre>
 *   total = 0
 *   for each 256 inputs:
 *       sum = 0
 *       for each of them: sum = fma(weight, activation, sum)
 *       total = total + sum
 * </pre>
 *
 * <p>Activations of {@code G} tokens: {@code [blocks * 32, G]}. Unpacked weights of two panels: {@code [inputs, 2,
 * width]}.
 */
abstract class PackedKernel implements PanelKernel<PackedMatrix> {
    static final int CHUNK = PanelProjection.CHUNK * PanelMatrix.BLOCK; // inputs of a sum

    @Override
    public final int blockFloats() {
        return PanelMatrix.BLOCK;
    }

    @Override
    public final void pack(
            PackedMatrix matrix, float[] x, int from, float[] slots, float[] memory, int to, int group) {
        if (group == 1) {
            System.arraycopy(x, from, memory, to, matrix.inputs);
            Arrays.fill(memory, to + matrix.inputs, to + matrix.blocks * PanelMatrix.BLOCK, 0);
            return;
        }
        for (int i = 0; i < matrix.inputs; i++) {
            memory[to + i * group] = x[from + i];
        }
        for (int i = matrix.inputs; i < matrix.blocks * PanelMatrix.BLOCK; i++) {
            memory[to + i * group] = 0;
        }
    }
}
