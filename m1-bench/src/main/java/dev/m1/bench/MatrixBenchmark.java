package dev.m1.bench;

import dev.m1.spi.DType;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * The matrix products alone, on one thread. With 1 token it is a matrix times a vector, whose {@code gigabytes} compare
 * with the read bandwidth of one thread; with 64 a product of matrices, whose {@code gigaflops} count.
 */
@State(Scope.Benchmark) // one thread: the kernel's own speed, without the hand-over to workers
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // each shape and type compiled for itself
@Warmup(iterations = 4, time = 1) // the compiler settles within two
@Measurement(iterations = 8, time = 1)
public class MatrixBenchmark {
    /** Outputs and inputs: the MLP of Qwen2.5-0.5B (8.7 MB in bf16, fits a cache) and of 7B (136 MB, does not). */
    @Param({"4864x896", "18944x3584"})
    public String shape;

    /** How the weights are stored. */
    @Param({"BF16", "F32"})
    public DType dtype;

    /** Vectors multiplied at once. */
    @Param({"1", "8", "64"})
    public int tokens;

    private LinearKernel kernel;

    @Setup
    public void setUp() {
        int x = shape.indexOf('x');
        int rows = Integer.parseInt(shape.substring(0, x));
        kernel = new LinearKernel(dtype, rows, Integer.parseInt(shape.substring(x + 1)), tokens);
    }

    @Benchmark
    public float[] multiply(Rates rates) {
        rates.add(0, kernel.bytes(), kernel.operations());
        return kernel.run();
    }

    @TearDown
    public void tearDown() {
        kernel.close();
    }
}
