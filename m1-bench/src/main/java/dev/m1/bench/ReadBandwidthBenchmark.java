package dev.m1.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast memory can be read here, by the same means that the kernels have: every thread sums its own {@code
 * megabytes}, front to back. The counter {@code gigabytes} is GB/s over all threads; decoding cannot beat it.
 */
@State(Scope.Thread) // each thread has memory of its own, as each worker has rows of its own
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(Threads.MAX) // one per processor, like the CPU backend
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // the Vector API
@Warmup(iterations = 3, time = 1) // the loop is compiled within the first
@Measurement(iterations = 10, time = 1)
public class ReadBandwidthBenchmark {
    private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
    private static final int VECTORS = 4; // independent sums, so that no addition waits for another

    /** Megabytes (10^6 bytes) of one thread; far more than a cache. */
    @Param("256")
    public int megabytes;

    private Arena arena;
    private MemorySegment memory;

    @Setup
    public void fill() {
        arena = Arena.ofShared();
        long step = (long) VECTORS * SPECIES.vectorByteSize();
        long bytes = megabytes * 1_000_000L / step * step;
        memory = arena.allocate(bytes, 64);
        for (long i = 0; i < bytes; i += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG, i, i + 1);
        }
        long n = bytes / Long.BYTES;
        long expected = n + Long.BYTES * (n * (n - 1) / 2); // 1, 9, 17, …
        if (sum(memory) != expected) {
            throw new IllegalStateException("the sum is " + sum(memory) + ", not " + expected);
        }
    }

    private static long sum(MemorySegment memory) {
        ByteOrder order = ByteOrder.nativeOrder();
        int width = SPECIES.vectorByteSize();
        LongVector a = LongVector.zero(SPECIES);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (long i = 0; i < memory.byteSize(); i += (long) VECTORS * width) {
            a = a.add(LongVector.fromMemorySegment(SPECIES, memory, i, order));
            b = b.add(LongVector.fromMemorySegment(SPECIES, memory, i + width, order));
            c = c.add(LongVector.fromMemorySegment(SPECIES, memory, i + 2L * width, order));
            d = d.add(LongVector.fromMemorySegment(SPECIES, memory, i + 3L * width, order));
        }
        return a.add(b).add(c.add(d)).reduceLanes(VectorOperators.ADD);
    }

    @Benchmark
    public long read(Rates rates) {
        rates.add(0, memory.byteSize(), 0);
        return sum(memory);
    }

    @TearDown
    public void free() {
        arena.close();
    }
}
