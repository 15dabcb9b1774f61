package dev.m1.chat.jinja;

/** Python's range. */
record RangeValue(long start, long stop, long step, int size) implements SequenceValue {
    /** The sandbox of jinja2 allows this many items. */
    private static final long MAX_SIZE = 100_000;

    static RangeValue of(long start, long stop, long step) {
        if (step == 0) {
            throw new EvalError("range() arg 3 must not be zero");
        }
        // Magnitudes far beyond any use, refused so that the sums below cannot overflow.
        if (Math.max(Math.max(magnitude(start), magnitude(stop)), magnitude(step)) > Long.MAX_VALUE / 4) {
            throw new EvalError("range too big");
        }
        long size = step > 0 ? Math.ceilDiv(stop - start, step) : Math.ceilDiv(start - stop, -step);
        if (size > MAX_SIZE) {
            throw new EvalError("range too big: " + size + " items, at most " + MAX_SIZE + " are allowed");
        }
        return new RangeValue(start, stop, step, (int) Math.max(0, size));
    }

    private static long magnitude(long v) {
        return v == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(v);
    }

    @Override
    public Object get(int index) {
        return start + index * step;
    }

    @Override
    public RangeValue slice(long from, long to, long by, int count) {
        return new RangeValue(start + from * step, start + to * step, by * step, count);
    }
}
