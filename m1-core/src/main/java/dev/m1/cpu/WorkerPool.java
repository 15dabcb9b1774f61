package dev.m1.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of daemon threads that do ranges of a task; the calling thread is one of them.
 *
 * <p>Every worker has a share, and claims half of what is left of it at a time; who has done its own helps with the
 * others'. So a worker that a neighbour on the machine slows down holds up the rest for one small range only, and one
 * that still sleeps holds up nobody.
 *
 * <p>Handing over a task costs about a microsecond while the workers still spin from the last one; after some tens of
 * microseconds without work they park. A team larger than the machine never spins: who waits would keep the processor
 * from who works. Workers without a share stay asleep. Used by one thread at a time; allocates nothing per task.
 */
final class WorkerPool implements AutoCloseable {
    /** A piece of work; what it writes must depend on the element only, not on the range or the worker. */
    @FunctionalInterface
    interface Task {
        /**
         * Does {@code [begin, end)}, which is not empty; {@code worker} selects scratch memory. May be called several
         * times for one worker, with ranges in any order.
         */
        void run(int worker, int begin, int end);
    }

    private static final int SPINS = 2000;
    private static final int TEAM_BITS = 20; // a million threads; the rest counts tasks for ever
    private static final int PAD = 16; // longs of two cache lines

    private final Worker[] workers; // [size - 1]; the caller is worker 0
    private final int spins; // looks at a flag before parking
    private final AtomicInteger pending = new AtomicInteger(); // units that are not done

    // [size, PAD]: the task's number, its lower 32 bits, above how many units of a worker's share nobody has claimed.
    // Who claims late, for a task that has ended, finds none or another number.
    private final AtomicLongArray unclaimed;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    // Published by the write of `epoch`; stable while a unit of the task is not done.
    private Task task;
    private int n;
    private int align;
    private int units;
    private int team; // who takes part, the caller included
    private Thread caller;

    // Which task, and in the lower bits the team: a worker that takes no part may look when the next one is out.
    private volatile long epoch;
    private volatile boolean callerParked;
    private volatile boolean closed;

    WorkerPool(int size, String name) {
        workers = new Worker[size - 1];
        unclaimed = new AtomicLongArray(size * PAD);
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
     * Runs a task over {@code [0, n)} and waits for all of it. Shares are split by {@link Partition}, ranges begin at
     * multiples of {@code align}. The first exception of any worker is thrown here, when all else is done.
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
        this.units = units;
        caller = Thread.currentThread();
        team = Math.min(size(), units);
        pending.set(units);
        long number = (epoch >> TEAM_BITS) + 1;
        for (int i = 0; i < team; i++) {
            unclaimed.setPlain(i * PAD, number << Integer.SIZE | shareEnd(i) - shareEnd(i - 1));
        }
        release(number, team);
        work(0, number);
        awaitWorkers();
        Throwable thrown = failure.getAndSet(null);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw (RuntimeException) thrown; // tasks declare no checked exceptions
        }
    }

    /** The unit at which a worker's share ends; the next one's begins there. */
    private int shareEnd(int worker) {
        return Partition.begin(units, team, worker + 1, 1);
    }

    private void release(long number, int team) {
        epoch = number << TEAM_BITS | team;
        for (int i = 0; i < team - 1; i++) {
            if (workers[i].parked) {
                LockSupport.unpark(workers[i].thread);
            }
        }
    }

    /** Claims units of a task, first of the worker's own share, until nothing is left to claim. */
    private void work(int worker, long number) {
        int shares = team;
        for (int i = 0; i < shares; i++) {
            int share = worker + i < shares ? worker + i : worker + i - shares;
            long left = unclaimed.get(share * PAD);
            while ((int) left > 0 && left >>> Integer.SIZE == (number & 0xffff_ffffL)) {
                int claim = (int) left + 1 >>> 1;
                if (unclaimed.compareAndSet(share * PAD, left, left - claim)) {
                    int begin = shareEnd(share) - (int) left; // only now is the task known to be this one
                    runUnits(worker, begin, begin + claim);
                }
                left = unclaimed.get(share * PAD);
            }
        }
    }

    private void runUnits(int worker, int begin, int end) {
        try {
            task.run(worker, begin * align, (int) Math.min(n, (long) end * align));
        } catch (Throwable t) {
            failure.compareAndSet(null, t);
        }
        Thread waiting = caller;
        if (pending.addAndGet(begin - end) == 0 && callerParked) {
            LockSupport.unpark(waiting);
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
        release((epoch >> TEAM_BITS) + 1, size());
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
                work(index, seen >> TEAM_BITS);
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
