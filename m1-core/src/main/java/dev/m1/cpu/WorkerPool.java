package dev.m1.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that run one range of a task each; the calling thread is one of them. Handing over a
 * task costs about a microsecond while the workers still spin from the last one; after some tens of microseconds
 * without work they park. A team larger than the machine never spins: who waits would keep the processor from who
 * works. Workers without a range stay asleep. Used by one thread at a time; allocates nothing per task.
 */
final class WorkerPool implements AutoCloseable {
    /** A piece of work; what it writes must depend on the range only, not on the worker. */
    @FunctionalInterface
    interface Task {
        /** Does {@code [begin, end)}, which is not empty; {@code worker} selects scratch memory. */
        void run(int worker, int begin, int end);
    }

    private static final int SPINS = 2000;
    private static final int TEAM_BITS = 20; // a million threads; the rest counts tasks for ever

    private final Worker[] workers; // [size - 1]; the caller is worker 0
    private final int spins; // looks at a flag before parking
    private final AtomicInteger pending = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    // Published by the write of `epoch`; stable while a worker that takes part has not ended its share.
    private Task task;
    private int n;
    private int align;
    private int team; // who takes part, the caller included
    private Thread caller;

    // Which task, and in the lower bits the team: a worker that takes no part may look when the next one is out.
    private volatile long epoch;
    private volatile boolean callerParked;
    private volatile boolean closed;

    WorkerPool(int size, String name) {
        workers = new Worker[size - 1];
        spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
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
        int units = Partition.units(n, align);
        if (workers.length == 0 || units <= 1) {
            if (n > 0) {
                task.run(0, 0, n);
            }
            return;
        }
        this.task = task;
        this.n = n;
        this.align = align;
        caller = Thread.currentThread();
        team = Math.min(size(), units);
        pending.set(team - 1);
        release(team);
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

    private void release(int team) {
        epoch = ((epoch >> TEAM_BITS) + 1) << TEAM_BITS | team;
        for (int i = 0; i < team - 1; i++) {
            if (workers[i].parked) {
                LockSupport.unpark(workers[i].thread);
            }
        }
    }

    private void runShare(int worker) {
        try {
            int begin = Partition.begin(n, team, worker, align);
            int end = Partition.begin(n, team, worker + 1, align);
            if (begin < end) {
                task.run(worker, begin, end);
            }
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
    }

    private void awaitWorkers() {
        for (int i = 0; i < spins; i++) {
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
        release(size());
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
            long seen = 0;
            while (true) {
                seen = awaitEpochAfter(seen);
                if (closed) {
                    return;
                }
                runShare(index);
                if (pending.decrementAndGet() == 0 && callerParked) {
                    LockSupport.unpark(caller);
                }
            }
        }

        /** The next one with this worker in its team. */
        private long awaitEpochAfter(long seen) {
            long last = seen;
            for (int i = 0; i < spins; i++) {
                long now = epoch;
                if (now != last) {
                    if (isInTeam(now)) {
                        return now;
                    }
                    last = now; // others are at work, so it may be this one's turn soon
                    i = 0;
                }
                Thread.onSpinWait();
            }
            parked = true;
            long now = epoch;
            while (now == seen || !isInTeam(now)) {
                LockSupport.park(WorkerPool.this);
                now = epoch;
            }
            parked = false;
            return now;
        }

        private boolean isInTeam(long now) {
            return index < (now & (1 << TEAM_BITS) - 1);
        }
    }
}
