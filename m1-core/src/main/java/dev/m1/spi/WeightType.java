package dev.m1.spi;

/** How a backend holds the weights of matrix products, the embeddings and the LM head. */
public enum WeightType {
    /** As the checkpoint stores them. */
    STORED,
    /**
     * Rounded to 8 bits when the model is opened: every 32 neighbouring inputs of a row share a scale. About half the
     * memory and bandwidth of 16-bit weights; results differ slightly from those of the stored weights.
     */
    Q8
}
