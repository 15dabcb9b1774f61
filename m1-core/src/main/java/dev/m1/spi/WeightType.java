package dev.m1.spi;

/** How a backend holds the weights of matrix products, the embeddings and the LM head. */
public enum WeightType {
    /** As the checkpoint stores them. */
    STORED,
    /**
     * The stored values, copied when the model is opened into the order in which products read them. On the CPU that
     * takes the memory of another copy and some time, and is faster for prompts and for several sequences at once. Sums
     * are taken in another order there, so results differ from those of {@link #STORED} by rounding errors. Backends
     * that copy weights anyhow hold both in the same way.
     */
    PACKED,
    /**
     * Rounded to 8 bits when the model is opened: every 32 neighbouring inputs of a row share a scale. About half the
     * memory and bandwidth of 16-bit weights; results differ slightly from those of the stored weights.
     */
    Q8
}
