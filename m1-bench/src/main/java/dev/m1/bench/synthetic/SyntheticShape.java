package dev.m1.bench.synthetic;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Shapes to draw weights for, in elements. The Qwen2.5 and Llama ones are those of the published {@code config.json};
 * the tiny and small ones are for tests and a first look.
 */
public enum SyntheticShape {
    TINY("tiny", Family.QWEN2, 64, 2, 4, 2, 160, 2048, false, 1e4),
    TINY_LLAMA("tiny-llama", Family.LLAMA, 64, 2, 4, 2, 160, 2048, false, 1e4),
    SMALL("small", Family.QWEN2, 512, 6, 8, 2, 1536, 16_384, true, 1e6),
    QWEN_0_5B("0.5b", Family.QWEN2, 896, 24, 14, 2, 4864, 151_936, true, 1e6),
    QWEN_1_5B("1.5b", Family.QWEN2, 1536, 28, 12, 2, 8960, 151_936, true, 1e6),
    QWEN_7B("7b", Family.QWEN2, 3584, 28, 28, 4, 18_944, 152_064, false, 1e6),
    LLAMA_1B("llama-1b", Family.LLAMA, 2048, 16, 32, 8, 8192, 128_256, true, 5e5);

    /** What the architectures differ in here. */
    enum Family {
        QWEN2("Qwen2ForCausalLM", "qwen2", true, 151_643),
        LLAMA("LlamaForCausalLM", "llama", false, 128_000);

        final String architecture;
        final String modelType;
        final boolean qkvBias;
        final int firstSpecial; // id of the first control token in a vocabulary of full size

        Family(String architecture, String modelType, boolean qkvBias, int firstSpecial) {
            this.architecture = architecture;
            this.modelType = modelType;
            this.qkvBias = qkvBias;
            this.firstSpecial = firstSpecial;
        }
    }

    final String label;
    final Family family;
    final int hidden;
    final int layers;
    final int heads;
    final int kvHeads;
    final int intermediate;
    final int vocab;
    final boolean tied;
    final double ropeTheta;

    SyntheticShape(
            String label,
            Family family,
            int hidden,
            int layers,
            int heads,
            int kvHeads,
            int intermediate,
            int vocab,
            boolean tied,
            double ropeTheta) {
        this.label = label;
        this.family = family;
        this.hidden = hidden;
        this.layers = layers;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.intermediate = intermediate;
        this.vocab = vocab;
        this.tied = tied;
        this.ropeTheta = ropeTheta;
    }

    /** The name a person types, {@code 0.5b}. */
    public String label() {
        return label;
    }

    int headDim() {
        return hidden / heads;
    }

    /** Id of the first control token. */
    int firstSpecial() {
        return Math.min(family.firstSpecial, vocab - SyntheticTokenizer.SPECIAL_ROOM);
    }

    /**
     * The shape of this name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static SyntheticShape of(String label) {
        return Arrays.stream(values())
                .filter(s -> s.label.equals(label.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no synthetic shape '" + label + "', only "
                        + Arrays.stream(values()).map(s -> s.label).collect(Collectors.joining(", "))));
    }
}
