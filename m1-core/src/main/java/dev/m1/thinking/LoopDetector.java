package dev.m1.thinking;

/** Watches a stream of ids for a {@link LoopGuard}'s repetition; a comparison for each period and id. */
public final class LoopDetector {
    private final LoopGuard guard;
    private final int[] recent; // [maxPeriod], ring of the last ids
    private final int[] matched; // [maxPeriod + 1], ids in a row that equal the one a period earlier
    private int count;

    public LoopDetector(LoopGuard guard) {
        this.guard = guard;
        recent = new int[guard.maxPeriod()];
        matched = new int[guard.maxPeriod() + 1];
    }

    /** Takes the next id; returns the shortest period that has now been seen often enough, or 0. */
    public int add(int id) {
        int found = 0;
        for (int period = 1; period <= guard.maxPeriod() && period <= count; period++) {
            boolean same = recent[(count - period) % recent.length] == id;
            matched[period] = same ? matched[period] + 1 : 0;
            if (found == 0 && matched[period] >= (long) period * (guard.repeats() - 1)) {
                found = period;
            }
        }
        recent[count % recent.length] = id;
        count++;
        return found;
    }
}
