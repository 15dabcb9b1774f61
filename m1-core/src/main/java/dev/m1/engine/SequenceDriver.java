package dev.m1.engine;

/**
 * What decides how a sequence goes on. Called on the engine's thread, so it must be quick and must not block; it
 * changes the sequence through {@link Sequence}'s methods.
 */
public interface SequenceDriver {
    /** A token was sampled. The driver appends it, or something else, or finishes the sequence. */
    void onSampled(Sequence sequence, int id);

    /** The logits a driver asked for with {@link Sequence#wantLogits} have arrived. */
    default void onLogits(Sequence sequence, float[] logits) {
        throw new IllegalStateException("logits nobody asked for");
    }

    /**
     * The sequence has left the engine and holds no KV blocks any more. What it throws for another end than {@link
     * SequenceEnd#FAILED} comes back in a second call as the cause of that one, so that nobody waits for ever.
     *
     * @param end how
     * @param failure the cause when it failed, else null
     */
    void onEnd(Sequence sequence, SequenceEnd end, Throwable failure);
}
