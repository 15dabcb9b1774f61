package dev.m1;

import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.util.concurrent.Semaphore;

/** Counts what goes through another decoder, can slow it down, and can let it step on command only. */
final class CountingDecoder implements Decoder {
    private final Decoder inner;
    volatile long tokens;
    volatile long steps;
    volatile long sleepMillis;
    volatile boolean closed;
    private volatile Semaphore gate; // a permit for each step; null = no gate
    private volatile long arrived; // steps that have come to the gate
    private long allowed; // steps that may pass it or have passed; the test's thread uses it

    CountingDecoder(Decoder inner) {
        this.inner = inner;
    }

    /** From now on steps wait for {@link #allow}. To be called while nothing runs. */
    void shut() {
        arrived = 0;
        allowed = 0;
        gate = new Semaphore(0);
    }

    /**
     * Lets so many steps happen and waits until another one stands at the gate: what the last of them sampled has been
     * looked at then. To be called only if there is another one.
     */
    void allow(int count) throws InterruptedException {
        gate.release(count);
        allowed += count;
        while (arrived <= allowed) {
            Thread.sleep(1);
        }
    }

    /** Lets everything pass. */
    void open() {
        Semaphore shut = gate;
        gate = null;
        if (shut != null) {
            shut.release(1 << 30);
        }
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
        Semaphore shut = gate;
        if (shut != null) {
            arrived++;
            shut.acquireUninterruptibly();
        }
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
