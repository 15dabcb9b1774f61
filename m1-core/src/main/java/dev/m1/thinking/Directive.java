package dev.m1.thinking;

/** What to do with the sequence after a token was sampled. */
public sealed interface Directive {
    /** Append the sampled id and sample the next. */
    record Continue() implements Directive {
        static final Continue INSTANCE = new Continue();
    }

    /**
     * Forget the last {@code drop} ids of the sequence, append {@code ids} (the sampled id is among them if it is
     * kept), and sample the next.
     *
     * @param drop ids to take off the end before anything is appended
     * @param ids ids to append, at least one
     * @param forbidden ids that the next sample must not be (stop tokens right after a Wait, where a protocol says so)
     */
    record Inject(int drop, int[] ids, int[] forbidden) implements Directive {}

    /** Nothing more to sample; the sampled id is not part of the sequence unless it was counted as an answer token. */
    record Finish(FinishReason reason) implements Directive {}
}
