package dev.m1.checkpoint;

import dev.m1.spi.TensorRole;

/** The names that Hugging Face transformers gives the tensors of Qwen2, Qwen3, Llama and Mistral models. */
final class TensorNames {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String LM_HEAD = "lm_head.weight";

    private TensorNames() {}

    /**
     * @param layer decoder layer from 0, ignored for roles that are not per layer
     */
    static String of(TensorRole role, int layer) {
        return role.perLayer() ? "model.layers." + layer + "." + suffix(role) : suffix(role);
    }

    private static String suffix(TensorRole role) {
        return switch (role) {
            case EMBEDDING -> EMBEDDING;
            case OUTPUT_NORM -> "model.norm.weight";
            case LM_HEAD -> LM_HEAD;
            case ATTENTION_NORM -> "input_layernorm.weight";
            case Q -> "self_attn.q_proj.weight";
            case Q_BIAS -> "self_attn.q_proj.bias";
            case K -> "self_attn.k_proj.weight";
            case K_BIAS -> "self_attn.k_proj.bias";
            case V -> "self_attn.v_proj.weight";
            case V_BIAS -> "self_attn.v_proj.bias";
            case Q_NORM -> "self_attn.q_norm.weight";
            case K_NORM -> "self_attn.k_norm.weight";
            case O -> "self_attn.o_proj.weight";
            case O_BIAS -> "self_attn.o_proj.bias";
            case MLP_NORM -> "post_attention_layernorm.weight";
            case GATE -> "mlp.gate_proj.weight";
            case GATE_BIAS -> "mlp.gate_proj.bias";
            case UP -> "mlp.up_proj.weight";
            case UP_BIAS -> "mlp.up_proj.bias";
            case DOWN -> "mlp.down_proj.weight";
            case DOWN_BIAS -> "mlp.down_proj.bias";
        };
    }

    /**
     * True for buffers that old checkpoints store although they follow from the configuration:
     * {@code rotary_emb.inv_freq}, of the model or of a layer.
     */
    static boolean isDerived(String name) {
        return name.startsWith("model.") && name.endsWith("rotary_emb.inv_freq");
    }
}
