package dev.m1.spi;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a weight tensor is for, independent of the names a checkpoint gives it. */
public enum TensorRole {
    /** Token embeddings {@code [vocab, hidden]}. With tied embeddings also the LM head. */
    EMBEDDING(false, s -> true, s -> List.of(s.vocabSize(), s.hiddenSize())),
    /** Gain of the last RMSNorm {@code [hidden]}. */
    OUTPUT_NORM(false, s -> true, s -> List.of(s.hiddenSize())),
    /** LM head {@code [vocab, hidden]}; absent with tied embeddings. */
    LM_HEAD(false, s -> !s.tiedEmbeddings(), s -> List.of(s.vocabSize(), s.hiddenSize())),
    /** Gain of the RMSNorm before attention {@code [hidden]}. */
    ATTENTION_NORM(true, s -> true, s -> List.of(s.hiddenSize())),
    /** Query projection {@code [heads * headDim, hidden]}. */
    Q(true, s -> true, s -> List.of(s.queryDim(), s.hiddenSize())),
    Q_BIAS(true, ModelSpec::qkvBias, s -> List.of(s.queryDim())),
    /** Key projection {@code [kvHeads * headDim, hidden]}. */
    K(true, s -> true, s -> List.of(s.kvDim(), s.hiddenSize())),
    K_BIAS(true, ModelSpec::qkvBias, s -> List.of(s.kvDim())),
    /** Value projection {@code [kvHeads * headDim, hidden]}. */
    V(true, s -> true, s -> List.of(s.kvDim(), s.hiddenSize())),
    V_BIAS(true, ModelSpec::qkvBias, s -> List.of(s.kvDim())),
    /** Gain of the per-head RMSNorm of queries {@code [headDim]} (Qwen3). */
    Q_NORM(true, ModelSpec::qkNorm, s -> List.of(s.headDim())),
    /** Gain of the per-head RMSNorm of keys {@code [headDim]} (Qwen3). */
    K_NORM(true, ModelSpec::qkNorm, s -> List.of(s.headDim())),
    /** Attention output projection {@code [hidden, heads * headDim]}. */
    O(true, s -> true, s -> List.of(s.hiddenSize(), s.queryDim())),
    O_BIAS(true, ModelSpec::outputBias, s -> List.of(s.hiddenSize())),
    /** Gain of the RMSNorm before the MLP {@code [hidden]}. */
    MLP_NORM(true, s -> true, s -> List.of(s.hiddenSize())),
    /** MLP gate projection {@code [intermediate, hidden]}. */
    GATE(true, s -> true, s -> List.of(s.intermediateSize(), s.hiddenSize())),
    GATE_BIAS(true, ModelSpec::mlpBias, s -> List.of(s.intermediateSize())),
    /** MLP up projection {@code [intermediate, hidden]}. */
    UP(true, s -> true, s -> List.of(s.intermediateSize(), s.hiddenSize())),
    UP_BIAS(true, ModelSpec::mlpBias, s -> List.of(s.intermediateSize())),
    /** MLP down projection {@code [hidden, intermediate]}. */
    DOWN(true, s -> true, s -> List.of(s.hiddenSize(), s.intermediateSize())),
    DOWN_BIAS(true, ModelSpec::mlpBias, s -> List.of(s.hiddenSize()));

    private final boolean perLayer;
    private final Predicate<ModelSpec> present;
    private final Function<ModelSpec, List<Integer>> shape;

    TensorRole(boolean perLayer, Predicate<ModelSpec> present, Function<ModelSpec, List<Integer>> shape) {
        this.perLayer = perLayer;
        this.present = present;
        this.shape = shape;
    }

    /** True if every decoder layer has its own. */
    public boolean perLayer() {
        return perLayer;
    }

    /** True if a model of this spec has such a tensor. */
    public boolean presentIn(ModelSpec spec) {
        return present.test(spec);
    }

    /** The shape this tensor must have, {@code [out, in]} for a matrix. */
    public List<Integer> shape(ModelSpec spec) {
        return shape.apply(spec);
    }
}
