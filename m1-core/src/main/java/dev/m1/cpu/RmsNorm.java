package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;

/** {@code y = x / sqrt(mean(x²) + eps) * gain}, in float32 as Hugging Face computes it. */
public final class RmsNorm {
    private RmsNorm() {}

    /**
     * Norms {@code x[from …]}, as long as {@code gain}, into {@code y[to …]}; {@code x} and {@code y} may be the same
     * place.
     */
    public static void apply(
            Kernels kernels, float[] x, int from, float[] gain, float eps, float[] y, int to, float[] lanes) {
        int n = gain.length;
        float mean = kernels.sumOfSquares(x, from, n, lanes) / n;
        float inverse = (float) (1 / Math.sqrt(mean + eps));
        for (int i = 0; i < n; i++) {
            y[to + i] = x[from + i] * inverse * gain[i];
        }
    }
}
