package dev.m1.spi;

import java.util.Objects;

/**
 * The shape of a decoder-only transformer with RMSNorm, RoPE, grouped-query attention and a SiLU-gated MLP: all a
 * backend needs to know besides the weights. Sizes are in elements. Values come from a checkpoint's {@code
 * config.json}.
 *
 * @param architecture the name in {@code architectures[0]}, e.g. {@code Qwen2ForCausalLM}; for people, not for
 *     decisions
 * @param vocabSize rows of the embedding and of the logits (may exceed the tokenizer's vocabulary)
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the MLP
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headDim width of one head; even
 * @param rmsNormEps epsilon of every RMSNorm
 * @param qkvBias q, k and v projections have a bias (Qwen2)
 * @param outputBias the attention output projection has a bias
 * @param mlpBias the MLP projections have a bias
 * @param qkNorm queries and keys pass a per-head RMSNorm before RoPE (Qwen3)
 * @param tiedEmbeddings the LM head is the embedding matrix
 * @param rope rotary position embedding
 * @param contextLength most positions the checkpoint says it supports, in tokens
 */
public record ModelSpec(
        String architecture,
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        float rmsNormEps,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        boolean tiedEmbeddings,
        RopeSpec rope,
        int contextLength) {

    public ModelSpec {
        Objects.requireNonNull(architecture, "architecture");
        Objects.requireNonNull(rope, "rope");
    }

    /** Width of all query heads: {@code heads * headDim}. */
    public int queryDim() {
        return heads * headDim;
    }

    /** Width of all key (or value) heads: {@code kvHeads * headDim}. */
    public int kvDim() {
        return kvHeads * headDim;
    }

    /** Number of weights. */
    public long parameters() {
        long n = 0;
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(this)) {
                long size = 1;
                for (int d : role.shape(this)) {
                    size *= d;
                }
                n += size * (role.perLayer() ? layers : 1);
            }
        }
        return n;
    }
}
