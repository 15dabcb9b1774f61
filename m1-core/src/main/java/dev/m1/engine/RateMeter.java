package dev.m1.engine;

/** Tokens per second over windows of about a second. One thread. */
final class RateMeter {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private long windowStart = System.nanoTime();
    private long tokens;
    private double rate;

    void add(int count) {
        tokens += count;
        long now = System.nanoTime();
        if (now - windowStart >= WINDOW_NANOS) {
            rate = tokens * 1e9 / (now - windowStart);
            tokens = 0;
            windowStart = now;
        }
    }

    /** After a pause: time without work does not count. */
    void resume() {
        tokens = 0;
        windowStart = System.nanoTime();
    }

    /** Of the last full window, or of the current one if there was none. */
    double perSecond() {
        if (rate > 0) {
            return rate;
        }
        long elapsed = System.nanoTime() - windowStart;
        return elapsed > 0 ? tokens * 1e9 / elapsed : 0;
    }
}
