package dev.m1.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that run one range of a task each; the calling thread is one of them. Handing over a
 * task costs about a microsecond while the workers still spin from the last one; after some tens of microseconds
 * without work they park. Used by one thread at a time; allocates nothing per task.
 */
final class WorkerPool implements AutoCloseable {
    /** A piece of work; what it writes must depend on the range only, not on the worker. */
    @FunctionalInterface
    interface Task {
        /** Does {@code [begin, end)}, which is not empty; {@code worker} selects scratch memory. */
        void run(int worker, int begin, int end);
    }

    private static final int SPINS = 2000;

    private final Worker[] workers; // [size - 1]; the caller is worker 0
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    // Published by the write of `epoch`.
    private Task task;
    private int n;
    private int align;
    private Thread caller;

    private volatile int epoch;
    private volatile boolean callerParked;
    private volatile boolean closed;

    WorkerPool(int size, String name) {
        workers = new Worker[size - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1, name + "-" + (i + 1));
            workers[i].thread.start();
        }
    }

    /** Threads that take part, the caller included. */
    int size() {
        return workers.length + 1;
    }

    /**
     * Runs a task over {@code [0, n)}, split by {@link Partition}, and waits for all of it. The first exception of any
     * worker is thrown here, when all have ended.
     */
    void run(Task task, int n, int align) {
        if (closed) {
            throw new IllegalStateException("the worker pool is closed");
        }
        if (workers.length == 0 || Partition.units(n, align) <= 1) {
            if (n > 0) {
                task.run(0, 0, n);
            }
            return;
        }
        this.task = task;
        this.n = n;
        this.align = align;
        caller = Thread.currentThread();
        pending.set(workers.length);
        release();
        runShare(0);
        awaitWorkers();
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown; // tasks declare no checked exceptions
        }
    }

    private void release() {
        epoch = epoch + 1;
        for (Worker worker : workers) {
            if (worker.parked) {
                LockSupport.unpark(worker.thread);
            }
        }
    }

    private void runShare(int worker) {
        try {
            int begin = Partition.begin(n, size(), worker, align);
            int end = Partition.begin(n, size(), worker + 1, align);
            if (begin < end) {
                task.run(worker, begin, end);
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
    }

    private void awaitWorkers() {
        for (int i = 0; i < SPINS; i++) {
            if (pending.get() == 0) {
                return;
            }
            Thread.onSpinWait();
        }
        callerParked = true;
        boolean interrupted = false;
        while (pending.get() != 0) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted(); // park returns at once while the flag is set
        }
        callerParked = false;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the threads; returns when they have ended. Closing twice is fine. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        release();
        boolean interrupted = false;
        for (Worker worker : workers) {
            while (worker.thread.isAlive()) {
                try {
                    worker.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Worker implements Runnable {
        private final int index;
        private final Thread thread;
        private volatile boolean parked;

        Worker(int index, String name) {
            this.index = index;
            thread = new Thread(this, name);
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            int seen = 0;
            while (true) {
                awaitEpochAfter(seen);
                seen++;
                if (closed) {
                    return;
                }
                runShare(index);
                if (pending.decrementAndGet() == 0 && callerParked) {
                    LockSupport.unpark(caller);
                }
            }
        }

        private void awaitEpochAfter(int seen) {
            for (int i = 0; i < SPINS; i++) {
                if (epoch != seen) {
                    return;
                }
                Thread.onSpinWait();
            }
            parked = true;
            while (epoch == seen) {
                LockSupport.park(WorkerPool.this);
            }
            parked = false;
        }
    }
}
