package dev.m1.checkpoint;

/** The model classes of Hugging Face transformers that are understood, and what sets them apart. */
enum Architecture {
    QWEN2("Qwen2ForCausalLM", "qwen2"),
    QWEN3("Qwen3ForCausalLM", "qwen3"),
    LLAMA("LlamaForCausalLM", "llama"),
    MISTRAL("MistralForCausalLM", "mistral");

    private final String className;
    private final String modelType;

    Architecture(String className, String modelType) {
        this.className = className;
        this.modelType = modelType;
    }

    /** The name in {@code architectures}. */
    String className() {
        return className;
    }

    /** The name in {@code model_type}. */
    String modelType() {
        return modelType;
    }

    boolean qkvBias(ConfigFields config) {
        return this == QWEN2 || outputBias(config);
    }

    /** {@code attention_bias} covers q, k, v and o. */
    boolean outputBias(ConfigFields config) {
        return (this == QWEN3 || this == LLAMA) && config.booleanOr("attention_bias", false);
    }

    boolean mlpBias(ConfigFields config) {
        return this == LLAMA && config.booleanOr("mlp_bias", false);
    }

    boolean qkNorm() {
        return this == QWEN3;
    }

    /** Qwen3's class has a default of 128 that is easily wrong; a configuration without it is refused. */
    boolean headDimRequired() {
        return this == QWEN3;
    }

    /** Absent in the configurations of Llama 1 and 2, where it means as many as query heads. */
    boolean kvHeadsOptional() {
        return this == LLAMA;
    }
}
