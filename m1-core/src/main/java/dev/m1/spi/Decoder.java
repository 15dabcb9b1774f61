package dev.m1.spi;

/**
 * A loaded model: one call per step. Used by one thread at a time. A row's result depends on its own tokens only, bit
 * for bit: the same alone, in a batch, in one prefill, in chunks, token by token, or after its blocks were copied.
 */
public interface Decoder extends AutoCloseable {
    /** The KV pool. */
    KvGeometry kv();

    /** What it occupies. */
    MemoryPlan memory();

    /** One line for people: backend, kernels, threads or device. */
    String description();

    /**
     * Copies whole KV blocks, {@code source[i]} to {@code destination[i]} for {@code i < count}, all layers, in this
     * order: a block may be the source of one copy and the destination of a later one.
     */
    void copyBlocks(int[] source, int[] destination, int count);

    /**
     * Feeds every row's new tokens, stores their keys and values in the row's blocks, and fills in what the rows ask
     * for. Allocates nothing.
     *
     * @throws IllegalArgumentException if a row breaks its bounds (ids, positions, blocks); nothing has run then
     * @throws dev.m1.errors.NonFiniteLogitsException if a wanted row's logits are NaN or infinite
     */
    void step(StepBatch in, StepResult out);

    /** Frees everything. Closing twice is fine. */
    @Override
    void close();
}
