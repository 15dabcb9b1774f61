package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Refuses configurations whose computation differs from what a {@link dev.m1.spi.ModelSpec} can say. */
final class UnsupportedFeatures {
    private static final String FULL_ATTENTION = "full_attention";

    /** Mixture of experts, under the names that different models give it. */
    private static final List<String> EXPERTS =
            List.of("num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts");

    private static final List<String> SOFTCAPPING =
            List.of("attn_logit_softcapping", "final_logit_softcapping", "logits_soft_cap");

    private static final List<String> QUANTIZATION = List.of("quantization_config", "compression_config");

    private UnsupportedFeatures() {}

    static void refuse(ConfigFields config, Architecture architecture, int layers) {
        if (!config.stringOr("hidden_act", "silu").equals("silu")) {
            throw config.wrong("hidden_act", "must be \"silu\"");
        }
        for (String field : EXPERTS) {
            if (config.has(field) && config.requireInt(field, 0, Integer.MAX_VALUE) > 0) {
                throw config.wrong(field, "means a mixture of experts, which is not supported");
            }
        }
        refusePresent(config, SOFTCAPPING, "is not supported");
        refusePresent(config, QUANTIZATION, "is not supported: weights must be BF16, F16 or F32");
        if (config.numberOr("partial_rotary_factor", 1) != 1) {
            throw config.wrong("partial_rotary_factor", "must be 1");
        }
        refuseLayerTypes(config, layers);
        refuseSlidingWindow(config, architecture, layers);
    }

    private static void refusePresent(ConfigFields config, List<String> fields, String why) {
        for (String field : fields) {
            if (config.has(field)) {
                throw config.wrong(field, why);
            }
        }
    }

    private static void refuseLayerTypes(ConfigFields config, int layers) {
        JsonNode types = config.node("layer_types");
        if (types == null) {
            return;
        }
        if (!types.isArray() || types.size() != layers) {
            throw config.wrong("layer_types", "must be a list of num_hidden_layers " + layers + " names");
        }
        for (JsonNode type : types) {
            if (!type.isTextual() || !type.textValue().equals(FULL_ATTENTION)) {
                throw config.wrong("layer_types", "may hold \"" + FULL_ATTENTION + "\" only, holds " + type);
            }
        }
    }

    private static void refuseSlidingWindow(ConfigFields config, Architecture architecture, int layers) {
        switch (architecture) {
            case QWEN2, QWEN3 -> refuseQwenWindow(config, layers);
            case LLAMA -> {
                if (config.has("sliding_window")) {
                    throw config.wrong("sliding_window", "must be null: sliding windows are not supported");
                }
            }
            case MISTRAL -> {
                // Absent means 4096 in transformers; only an explicit null switches it off.
                if (!config.isNull("sliding_window")) {
                    throw config.wrong("sliding_window", "must be null: sliding windows are not supported");
                }
            }
        }
    }

    /** The window holds for layers from {@code max_window_layers} on, unless {@code layer_types} says otherwise. */
    private static void refuseQwenWindow(ConfigFields config, int layers) {
        boolean used = config.booleanOr("use_sliding_window", false) && !config.isNull("sliding_window");
        int firstLayer = config.intOr("max_window_layers", 0, Integer.MAX_VALUE, 28); // transformers' default
        if (used && !config.has("layer_types") && firstLayer < layers) {
            throw config.wrong(
                    "use_sliding_window",
                    "puts a sliding window on layers " + firstLayer + " … " + (layers - 1)
                            + ", which is not supported");
        }
    }
}
