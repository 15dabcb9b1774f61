package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.ModelSpec;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Turns {@code config.json} into a {@link ModelSpec}, with the defaults of the configuration classes of Hugging Face
 * transformers. What would change the computation and is not understood is refused.
 */
final class ConfigReader {
    // Far above every published model, far below what would overflow: a size beyond them is damage, not a model.
    private static final int MAX_VOCAB = 1 << 22;
    private static final int MAX_WIDTH = 1 << 22;
    private static final int MAX_LAYERS = 1 << 12;
    private static final int MAX_HEADS = 1 << 14;
    private static final int MAX_HEAD_DIM = 1 << 12;
    static final int MAX_CONTEXT = 1 << 30;

    private final ConfigFields config;
    private final Architecture architecture;

    private ConfigReader(ConfigFields config) {
        this.config = config;
        this.architecture = architecture(config);
    }

    /**
     * @throws CheckpointException naming the field and its value
     */
    static ModelSpec read(ConfigFields config) {
        return new ConfigReader(config).spec();
    }

    private ModelSpec spec() {
        int layers = config.requireInt("num_hidden_layers", 1, MAX_LAYERS);
        UnsupportedFeatures.refuse(config, architecture, layers);
        int hidden = config.requireInt("hidden_size", 1, MAX_WIDTH);
        int heads = config.requireInt("num_attention_heads", 1, MAX_HEADS);
        RopeReader.Rope rope = RopeReader.read(config, config.requireInt("max_position_embeddings", 1, MAX_CONTEXT));
        ModelSpec spec = new ModelSpec(
                architecture.className(),
                config.requireInt("vocab_size", 1, MAX_VOCAB),
                hidden,
                config.requireInt("intermediate_size", 1, MAX_WIDTH),
                layers,
                heads,
                kvHeads(heads),
                headDim(hidden, heads),
                epsilon(),
                architecture.qkvBias(config),
                architecture.outputBias(config),
                architecture.mlpBias(config),
                architecture.qkNorm(),
                config.booleanOr("tie_word_embeddings", false),
                rope.spec(),
                rope.contextLength());
        checkProducts(spec);
        return spec;
    }

    private static Architecture architecture(ConfigFields config) {
        JsonNode names = config.node("architectures");
        if (names == null || !names.isArray() || names.isEmpty() || !names.get(0).isTextual()) {
            throw config.wrong("architectures", "must be a list that names the model class");
        }
        for (Architecture candidate : Architecture.values()) {
            if (candidate.className().equals(names.get(0).textValue())) {
                if (!config.stringOr("model_type", candidate.modelType()).equals(candidate.modelType())) {
                    throw config.wrong("model_type", "must be \"" + candidate.modelType() + "\" for "
                            + candidate.className());
                }
                return candidate;
            }
        }
        String known =
                Arrays.stream(Architecture.values()).map(Architecture::className).collect(Collectors.joining(", "));
        throw config.wrong("architectures", "must start with one of " + known);
    }

    private int kvHeads(int heads) {
        boolean useHeads = config.node("num_key_value_heads") == null
                && (architecture.kvHeadsOptional() || config.isNull("num_key_value_heads"));
        int kvHeads = useHeads ? heads : config.requireInt("num_key_value_heads", 1, MAX_HEADS);
        if (heads % kvHeads != 0) {
            throw config.wrong("num_key_value_heads", "must divide num_attention_heads " + heads);
        }
        return kvHeads;
    }

    private int headDim(int hidden, int heads) {
        int headDim;
        if (config.has("head_dim") || architecture.headDimRequired()) {
            headDim = config.requireInt("head_dim", 1, MAX_HEAD_DIM);
        } else if (hidden % heads != 0) {
            throw config.wrong(
                    "num_attention_heads", "must divide hidden_size " + hidden + " where head_dim is absent");
        } else {
            headDim = hidden / heads;
        }
        if (headDim % 2 != 0) {
            String source = config.has("head_dim") ? "head_dim" : "hidden_size";
            throw config.wrong(source, "gives a head width of " + headDim + ", which must be even for RoPE");
        }
        return headDim;
    }

    private float epsilon() {
        float epsilon = (float) config.requireNumber("rms_norm_eps");
        if (!(epsilon > 0 && epsilon < 1)) {
            throw config.wrong("rms_norm_eps", "must be in (0, 1) as a float");
        }
        return epsilon;
    }

    /** No tensor may have more elements than an int counts. */
    private void checkProducts(ModelSpec spec) {
        long query = (long) spec.heads() * spec.headDim();
        long hidden = spec.hiddenSize();
        checkProduct("num_attention_heads", "heads * head_dim * hidden_size", query, hidden);
        checkProduct("vocab_size", "vocab_size * hidden_size", spec.vocabSize(), hidden);
        checkProduct("intermediate_size", "intermediate_size * hidden_size", spec.intermediateSize(), hidden);
    }

    private void checkProduct(String field, String what, long a, long b) {
        if (a * b > Integer.MAX_VALUE) { // factors are below 2^26 and 2^22: no overflow of a long
            throw config.wrong(field, "makes " + what + " = " + a * b + ", more than " + Integer.MAX_VALUE);
        }
    }
}
