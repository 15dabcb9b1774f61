package dev.m1.spi;

/**
 * The angular frequencies of rotary position embedding, in double precision: an angle is {@code position * inverse[i]}.
 * Follows {@code modeling_rope_utils.py} of Hugging Face transformers, which computes the same in float32.
 */
public final class RopeFrequencies {
    private RopeFrequencies() {}

    /**
     * Radians per position of every pair of elements.
     *
     * @param headDim width of one head; even
     * @return {@code [headDim / 2]}, falling from 1
     */
    public static double[] inverse(RopeSpec rope, int headDim) {
        if (headDim <= 0 || headDim % 2 != 0) {
            throw new IllegalArgumentException("headDim must be positive and even, got " + headDim);
        }
        double[] inverse = new double[headDim / 2]; // [headDim / 2]
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = Math.pow(rope.theta(), -2.0 * i / headDim);
        }
        switch (rope.scaling()) {
            case RopeScaling.None none -> {}
            case RopeScaling.Linear linear -> linear(inverse, linear);
            case RopeScaling.Llama3 llama3 -> llama3(inverse, llama3);
            case RopeScaling.Yarn yarn -> yarn(inverse, yarn, rope.theta(), headDim);
        }
        return inverse;
    }

    /** What cosines and sines are multiplied by; 1 without YaRN. */
    public static double attentionFactor(RopeSpec rope) {
        return rope.scaling() instanceof RopeScaling.Yarn yarn ? yarn.attentionFactor() : 1;
    }

    private static void linear(double[] inverse, RopeScaling.Linear scaling) {
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] /= scaling.factor();
        }
    }

    private static void llama3(double[] inverse, RopeScaling.Llama3 scaling) {
        double low = scaling.lowFreqFactor();
        double high = scaling.highFreqFactor();
        for (int i = 0; i < inverse.length; i++) {
            double turns = scaling.originalContext() * inverse[i] / (2 * Math.PI); // within the trained context
            double keep = clamp01((turns - low) / (high - low));
            inverse[i] = mix(inverse[i] / scaling.factor(), inverse[i], keep);
        }
    }

    private static void yarn(double[] inverse, RopeScaling.Yarn scaling, double theta, int headDim) {
        double low = dimensionOf(scaling.betaFast(), scaling.originalContext(), theta, headDim);
        double high = dimensionOf(scaling.betaSlow(), scaling.originalContext(), theta, headDim);
        if (scaling.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, headDim - 1);
        if (low == high) {
            high += 0.001; // the width that transformers gives an empty ramp
        }
        for (int i = 0; i < inverse.length; i++) {
            double interpolate = clamp01((i - low) / (high - low));
            inverse[i] = mix(inverse[i], inverse[i] / scaling.factor(), interpolate);
        }
    }

    /** The (fractional) dimension whose frequency makes this many full turns within the trained context. */
    private static double dimensionOf(double turns, int context, double theta, int headDim) {
        return headDim * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private static double mix(double from, double to, double share) {
        return from * (1 - share) + to * share;
    }

    private static double clamp01(double x) {
        return Math.min(Math.max(x, 0), 1);
    }
}
