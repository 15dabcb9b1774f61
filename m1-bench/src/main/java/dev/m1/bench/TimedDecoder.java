package dev.m1.bench;

import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * A decoder that takes the time of its steps and of what the engine does between two of them. Only pairs of successive
 * steps count in which every one of so many rows decodes one token; the numbers may be read when nothing runs.
 */
final class TimedDecoder implements Decoder {
    private final Decoder inner;
    private final int rows;
    private long lastEnd; // System.nanoTime(), or 0 if the last step was not one that counts
    private long pairs;
    private long stepNanos;
    private long betweenNanos;

    private TimedDecoder(Decoder inner, int rows) {
        this.inner = inner;
        this.rows = rows;
    }

    /** A model that runs on its backend's decoder, and the timer around it. */
    record Timed(LanguageModel model, TimedDecoder decoder) {}

    /** Opens a model whose steps with {@code rows} rows are timed. */
    static Timed open(Path directory, ModelOptions options, int rows) {
        TimedDecoder[] timed = new TimedDecoder[1];
        UnaryOperator<Decoder> wrap = decoder -> timed[0] = new TimedDecoder(decoder, rows);
        try {
            // The door of core's own tests: a host has no use for it, so it is not public.
            Method open =
                    LanguageModel.class.getDeclaredMethod("open", Path.class, ModelOptions.class, UnaryOperator.class);
            open.setAccessible(true);
            return new Timed((LanguageModel) open.invoke(null, directory, options, wrap), timed[0]);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot open " + directory, e);
        }
    }

    void clear() {
        pairs = 0;
        stepNanos = 0;
        betweenNanos = 0;
    }

    /** Pairs of steps that counted. */
    long pairs() {
        return pairs;
    }

    /** Time within the second step of the pairs, in ns. */
    long stepNanos() {
        return stepNanos;
    }

    /** Time between the two steps of the pairs, in ns. */
    long betweenNanos() {
        return betweenNanos;
    }

    @Override
    public void step(StepBatch in, StepResult out) {
        long begin = System.nanoTime();
        inner.step(in, out);
        long end = System.nanoTime();
        boolean counts = in.size() == rows && in.tokens() == rows;
        if (counts && lastEnd != 0) {
            pairs++;
            betweenNanos += begin - lastEnd;
            stepNanos += end - begin;
        }
        lastEnd = counts ? end : 0;
    }

    @Override
    public KvGeometry kv() {
        return inner.kv();
    }

    @Override
    public MemoryPlan memory() {
        return inner.memory();
    }

    @Override
    public String description() {
        return inner.description();
    }

    @Override
    public void copyBlocks(int[] source, int[] destination, int count) {
        inner.copyBlocks(source, destination, count);
    }

    @Override
    public void close() {
        inner.close();
    }
}
