package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 64})
    void everyElementIsDoneOnceInEveryRound(int threads) throws InterruptedException {
        Random random = new Random(threads);
        try (WorkerPool pool = new WorkerPool(threads, "test")) {
            int[] done = new int[1000];
            for (int round = 1; round <= 3000; round++) {
                int n = random.nextInt(done.length);
                Arrays.fill(done, 0);
                pool.run((worker, begin, end) -> {
                    assertThat(worker).isBetween(0, threads - 1);
                    for (int i = begin; i < end; i++) {
                        done[i]++;
                    }
                }, n, 1 + random.nextInt(20));
                for (int i = 0; i < done.length; i++) {
                    assertThat(done[i]).isEqualTo(i < n ? 1 : 0);
                }
                if (round % 1000 == 0) {
                    Thread.sleep(20); // long enough for the workers to park
                }
            }
        }
    }

    @Test
    void anExceptionOfAnyWorkerReachesTheCallerAndThePoolGoesOn() {
        try (WorkerPool pool = new WorkerPool(4, "test")) {
            for (int broken = 0; broken < 4; broken++) {
                int guilty = broken;
                AtomicInteger others = new AtomicInteger();
                assertThatThrownBy(() -> pool.run((worker, begin, end) -> {
                            if (begin == guilty) {
                                throw new IllegalStateException("element " + begin);
                            }
                            others.incrementAndGet();
                        }, 4, 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("element " + broken);
                assertThat(others).hasValue(3);
                assertThatThrownBy(() -> pool.run((worker, begin, end) -> {
                            throw new StackOverflowError();
                        }, 4, 1))
                        .isInstanceOf(StackOverflowError.class);
                AtomicInteger sum = new AtomicInteger();
                pool.run((worker, begin, end) -> sum.addAndGet(end - begin), 100, 1);
                assertThat(sum).hasValue(100);
            }
        }
    }

    @Test
    void anInterruptedCallerStillGetsItsResult() {
        try (WorkerPool pool = new WorkerPool(2, "test")) {
            CyclicBarrier both = new CyclicBarrier(2); // so that the caller has to wait for the other
            AtomicInteger sum = new AtomicInteger();
            Thread.currentThread().interrupt();
            pool.run((worker, begin, end) -> {
                if (worker == 0) {
                    assertThat(Thread.interrupted()).isTrue();
                }
                await(both);
                if (worker == 1) {
                    sleep(30);
                } else {
                    Thread.currentThread().interrupt();
                }
                sum.addAndGet(end - begin);
            }, 2, 1);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(sum).hasValue(2);
        }
    }

    @Test
    void rangesAreWholeUnits() {
        try (WorkerPool pool = new WorkerPool(3, "test")) {
            for (int n = 1; n < 200; n++) {
                int elements = n;
                pool.run((worker, begin, end) -> {
                    assertThat(begin).isLessThan(end);
                    assertThat(begin % 7).isZero();
                    assertThat(end % 7 == 0 || end == elements).isTrue();
                }, n, 7);
            }
        }
    }

    /** A worker that sleeps, or that something else on the machine slows down, holds up one range. */
    @Test
    void othersDoTheShareOfASlowWorker() {
        try (WorkerPool pool = new WorkerPool(2, "test")) {
            Set<Integer> byCaller = ConcurrentHashMap.newKeySet();
            CountDownLatch rest = new CountDownLatch(1000);
            AtomicBoolean stuck = new AtomicBoolean();
            AtomicInteger held = new AtomicInteger();
            pool.run((worker, begin, end) -> {
                if (worker == 1 && stuck.compareAndSet(false, true)) {
                    held.set(end - begin);
                    awaitAllBut(end - begin, rest);
                    return;
                }
                for (int i = begin; i < end; i++) {
                    byCaller.add(i);
                    rest.countDown();
                }
            }, 1000, 1);
            assertThat(byCaller).hasSize(1000 - held.get());
            assertThat(held).hasValueLessThanOrEqualTo(250); // half a share
        }
    }

    /** Tasks follow each other while workers still look for something to do of the last one. */
    @Test
    void noUnitIsDoneForAnEarlierTask() {
        try (WorkerPool pool = new WorkerPool(8, "test")) {
            AtomicInteger done = new AtomicInteger();
            for (int round = 0; round < 200_000; round++) {
                int n = 2 + round % 15;
                int expected = round;
                done.set(0);
                pool.run((worker, begin, end) -> {
                    if (end > n) {
                        throw new IllegalStateException(end + " in round " + expected);
                    }
                    done.addAndGet(end - begin);
                }, n, 1);
                assertThat(done.get()).isEqualTo(n);
            }
        }
    }

    /** Waits until a latch has been counted down by everything except so many. */
    private static void awaitAllBut(int count, CountDownLatch latch) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (latch.getCount() > count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(latch.getCount() + " elements left, " + count + " of them held");
            }
            sleep(1);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void idleWorkersUseNoProcessor() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(3, "idle-test")) {
            pool.run((worker, begin, end) -> {}, 100, 1);
            Thread.sleep(100);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long[] ids = named("idle-test");
            assertThat(ids).hasSize(2);
            long before = Arrays.stream(ids).map(threads::getThreadCpuTime).sum();
            Thread.sleep(500);
            long used = Arrays.stream(ids).map(threads::getThreadCpuTime).sum() - before;
            assertThat(used).as("ns of processor time in 500 ms").isLessThan(5_000_000); // 1 %
        }
    }

    /** One that is woken for nothing keeps the processor from those at work where there are more threads than those. */
    @Test
    void workersWithoutARangeStayAsleep() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(16, "sleep-test")) {
            Set<Integer> took = ConcurrentHashMap.newKeySet();
            CyclicBarrier all = new CyclicBarrier(16);
            pool.run((worker, begin, end) -> {
                took.add(worker);
                await(all);
            }, 16, 1);
            assertThat(took).hasSize(16);
            awaitParked("sleep-test");
            took.clear();
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long[] idle = Arrays.stream(named("sleep-test"))
                    .filter(id -> !threads.getThreadInfo(id).getThreadName().matches("sleep-test-[12]"))
                    .toArray();
            assertThat(idle).hasSize(13);
            long before = waits(threads, idle);
            for (int i = 0; i < 1000; i++) {
                pool.run((worker, begin, end) -> took.add(worker), 3, 1);
            }
            assertThat(took).isSubsetOf(0, 1, 2);
            assertThat(waits(threads, idle)).as("times that they have gone to sleep").isEqualTo(before);
        }
    }

    private static long waits(ThreadMXBean threads, long[] ids) {
        return Arrays.stream(ids)
                .map(id -> threads.getThreadInfo(id).getWaitedCount())
                .sum();
    }

    private static void awaitParked(String prefix) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        while (Arrays.stream(named(prefix)).anyMatch(id -> threads.getThreadInfo(id).getThreadState()
                != Thread.State.WAITING)) {
            Thread.sleep(1);
        }
    }

    @Test
    void closingEndsTheThreadsAndMayBeRepeated() {
        WorkerPool pool = new WorkerPool(5, "close-test");
        assertThat(named("close-test")).hasSize(4);
        pool.close();
        pool.close();
        assertThat(named("close-test")).isEmpty();
        assertThatThrownBy(() -> pool.run((worker, begin, end) -> {}, 10, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    private static long[] named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith(prefix) && t.isDaemon())
                .mapToLong(Thread::threadId)
                .toArray();
    }
}
