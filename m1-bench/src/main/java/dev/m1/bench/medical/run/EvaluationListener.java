package dev.m1.bench.medical.run;

/** Hears how a run goes; called by one thread at a time. */
public interface EvaluationListener {
    /** Something a person should know, in one line. */
    default void note(String line) {}

    /**
     * Questions are about to be asked.
     *
     * @param total questions of the run
     * @param done those that an earlier start has asked
     */
    default void started(int total, int done) {}

    /**
     * One more question is done, and on the disk.
     *
     * @param failed questions of this start that could not be asked
     */
    default void answered(int done, int total, int failed) {}

    /** No more questions will be asked: all are done, or something failed. */
    default void ended() {}
}
