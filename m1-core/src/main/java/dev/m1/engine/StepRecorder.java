package dev.m1.engine;

/** Tells Java Flight Recorder of the decoder's steps. While nobody records it makes no events. Used by one thread. */
final class StepRecorder {
    private StepEvent event = new StepEvent(); // the same one until it is committed

    void begin() {
        event.begin();
    }

    void end(int rows, int tokens, int waiting) {
        if (event.shouldCommit()) {
            event.rows = rows;
            event.tokens = tokens;
            event.waiting = waiting;
            event.commit();
            event = new StepEvent();
        }
    }
}
