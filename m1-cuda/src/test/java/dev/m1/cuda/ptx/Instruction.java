package dev.m1.cuda.ptx;

/**
 * A decoded instruction.
 *
 * @param text as written, for messages
 * @param guard index of the predicate register, or -1
 * @param unless true if the guard is negated
 * @param kind what the warp does about it
 * @param target instruction to go on with, for a branch
 * @param effect what it does in the lanes of a mask, for {@link Kind#PLAIN} and {@link Kind#TOGETHER}
 */
record Instruction(String text, int guard, boolean unless, Kind kind, int target, Effect effect) {
    enum Kind {
        PLAIN,
        /** All lanes of its member mask must come to it together. */
        TOGETHER,
        BRANCH,
        EXIT,
        BARRIER
    }

    interface Effect {
        void run(Warp warp, int mask);
    }
}
