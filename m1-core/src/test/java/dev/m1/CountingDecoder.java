package dev.m1;

import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;

/** Counts what goes through another decoder, and can slow it down. */
final class CountingDecoder implements Decoder {
    private final Decoder inner;
    volatile long tokens;
    volatile long steps;
    volatile long sleepMillis;
    volatile boolean closed;

    CountingDecoder(Decoder inner) {
        this.inner = inner;
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
    public void step(StepBatch in, StepResult out) {
        if (sleepMillis > 0) {
            try {
                Thread.sleep(sleepMillis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        inner.step(in, out);
        tokens += in.tokens();
        steps++;
    }

    @Override
    public void close() {
        closed = true;
        inner.close();
    }
}
