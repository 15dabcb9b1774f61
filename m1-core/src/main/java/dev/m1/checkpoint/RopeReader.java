package dev.m1.checkpoint;

import dev.m1.spi.RopeScaling;
import dev.m1.spi.RopeSpec;

/**
 * Reads the rotary embedding of a {@code config.json}: {@code rope_scaling} of transformers 4 ({@code type} or
 * {@code rope_type}, {@code rope_theta} beside it) and {@code rope_parameters} of transformers 5 ({@code rope_theta}
 * inside), with the defaults of {@code modeling_rope_utils.py}.
 */
final class RopeReader {
    private static final double DEFAULT_THETA = 10_000;
    private static final int DEFAULT_BETA_FAST = 32;
    private static final int DEFAULT_BETA_SLOW = 1;

    /**
     * @param contextLength positions the model supports with this scaling, in tokens
     */
    record Rope(RopeSpec spec, int contextLength) {}

    private final ConfigFields config;
    private final ConfigFields rope;
    private final int maxPositions;

    private RopeReader(ConfigFields config, ConfigFields rope, int maxPositions) {
        this.config = config;
        this.rope = rope;
        this.maxPositions = maxPositions;
    }

    /**
     * @param maxPositions {@code max_position_embeddings}
     */
    static Rope read(ConfigFields config, int maxPositions) {
        ConfigFields scaling = config.objectOrNull("rope_scaling"); // where both are given, transformers takes this one
        ConfigFields rope = scaling != null ? scaling : config.objectOrNull("rope_parameters");
        if (rope == null) {
            return new Rope(new RopeSpec(theta(config, DEFAULT_THETA), new RopeScaling.None()), maxPositions);
        }
        return new RopeReader(config, rope, maxPositions).read();
    }

    private Rope read() {
        refuseOtherParameters();
        String type = rope.stringOr("rope_type", rope.stringOr("type", "default"));
        double theta = theta(rope, theta(config, DEFAULT_THETA));
        return switch (type) {
            case "default" -> new Rope(new RopeSpec(theta, new RopeScaling.None()), maxPositions);
            case "linear" -> new Rope(new RopeSpec(theta, new RopeScaling.Linear(factor())), maxPositions);
            case "llama3" -> new Rope(new RopeSpec(theta, llama3()), maxPositions);
            case "yarn" -> yarn(theta);
            default -> throw rope.wrong(
                    rope.has("rope_type") ? "rope_type" : "type", "must be default, linear, llama3 or yarn");
        };
    }

    private void refuseOtherParameters() {
        if (rope.numberOr("partial_rotary_factor", 1) != 1) {
            throw rope.wrong("partial_rotary_factor", "must be 1");
        }
        if (rope.has("mrope_section")) {
            throw rope.wrong("mrope_section", "is not supported: positions have one dimension here");
        }
        String perLayerType = rope.firstObject();
        if (perLayerType != null) {
            throw rope.wrong(perLayerType, "is not supported: all layers share one set of RoPE parameters");
        }
    }

    private static double theta(ConfigFields fields, double fallback) {
        double theta = fields.numberOr("rope_theta", fallback);
        if (!(theta > 1)) {
            throw fields.wrong("rope_theta", "must be above 1");
        }
        return theta;
    }

    private double factor() {
        double factor = rope.requireNumber("factor");
        if (!(factor >= 1)) {
            throw rope.wrong("factor", "must be at least 1");
        }
        return factor;
    }

    /** Within the parameters, or beside them (which wins in transformers), or all positions. */
    private int originalContext() {
        String name = "original_max_position_embeddings";
        ConfigFields holder = config.has(name) ? config : rope;
        return holder.intOr(name, 1, ConfigReader.MAX_CONTEXT, maxPositions);
    }

    private RopeScaling llama3() {
        double low = positive("low_freq_factor", rope.requireNumber("low_freq_factor"));
        double high = rope.requireNumber("high_freq_factor");
        if (!(high > low)) {
            throw rope.wrong("high_freq_factor", "must be above low_freq_factor " + low);
        }
        return new RopeScaling.Llama3(factor(), low, high, originalContext());
    }

    private Rope yarn(double theta) {
        int original = originalContext();
        // A factor of null means the ratio of the two context lengths (DeepSeek's configurations).
        double factor = rope.isNull("factor") ? (double) maxPositions / original : factor();
        if (!(factor >= 1)) {
            throw rope.wrong(
                    "original_max_position_embeddings", "must be at most max_position_embeddings " + maxPositions);
        }
        double betaFast = beta("beta_fast", DEFAULT_BETA_FAST);
        double betaSlow = beta("beta_slow", DEFAULT_BETA_SLOW);
        if (betaFast < betaSlow) {
            throw rope.wrong("beta_fast", "must be at least beta_slow " + betaSlow);
        }
        double context = Math.floor(original * factor);
        if (context > ConfigReader.MAX_CONTEXT) {
            throw rope.wrong(
                    "factor", "makes a context of " + context + " tokens, more than " + ConfigReader.MAX_CONTEXT);
        }
        RopeScaling scaling = new RopeScaling.Yarn(
                factor, original, betaFast, betaSlow, attentionFactor(factor), rope.booleanOr("truncate", true));
        return new Rope(new RopeSpec(theta, scaling), (int) context);
    }

    private double beta(String name, double fallback) {
        double beta = rope.numberOr(name, 0);
        return beta == 0 ? fallback : positive(name, beta); // transformers takes 0 for absent
    }

    private double attentionFactor(double factor) {
        if (rope.has("attention_factor")) {
            return positive("attention_factor", rope.requireNumber("attention_factor"));
        }
        double mscale = rope.numberOr("mscale", 0);
        double mscaleAllDim = rope.numberOr("mscale_all_dim", 0);
        if (mscale == 0 || mscaleAllDim == 0) {
            return magnitude(factor, 1);
        }
        double resolved = magnitude(factor, mscale) / magnitude(factor, mscaleAllDim);
        if (!(resolved > 0 && Double.isFinite(resolved))) {
            throw rope.wrong("mscale", "gives an attention factor of " + resolved);
        }
        return resolved;
    }

    private static double magnitude(double factor, double mscale) {
        return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
    }

    private double positive(String name, double value) {
        if (!(value > 0)) {
            throw rope.wrong(name, "must be above 0");
        }
        return value;
    }
}
