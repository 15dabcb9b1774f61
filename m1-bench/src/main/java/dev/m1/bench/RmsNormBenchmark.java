package dev.m1.bench;

import dev.m1.cpu.RmsNorm;
import dev.m1.cpu.kernels.KernelSelection;
import dev.m1.cpu.kernels.Kernels;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/** RMSNorm alone: one row, on one thread. */
@State(Scope.Benchmark) // one thread: the kernel's own speed
@BenchmarkMode(Mode.AverageTime) // a row takes less than a microsecond; its time says more than its rate
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per width
@Warmup(iterations = 4, time = 1) // the compiler settles within two
@Measurement(iterations = 8, time = 1)
public class RmsNormBenchmark {
    private static final float EPSILON = 1e-6f;
    private static final double UNIT = 0x1p-24; // half an ulp of 1 in binary32

    /** Elements of a row: the hidden sizes of Qwen2.5-0.5B and 7B. */
    @Param({"896", "3584"})
    public int width;

    private final Kernels kernels = KernelSelection.best();
    private final float[] lanes = new float[16]; // scratch
    private float[] x; // [width]
    private float[] gain; // [width]
    private float[] y; // [width]

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        x = new float[width];
        gain = new float[width];
        y = new float[width];
        for (int i = 0; i < width; i++) {
            x[i] = (float) random.nextGaussian();
            gain[i] = (float) (1 + 0.1 * random.nextGaussian());
        }
        verify();
    }

    /**
     * Against double precision. The sum of squares is one of positive terms that rounds at most {@code width} times, so
     * its relative error is at most {@code width * u}, half of which passes through the root; mean, epsilon, root and
     * the two products round once each.
     */
    private void verify() {
        norm();
        double squares = 0;
        for (float value : x) {
            squares += (double) value * value;
        }
        double inverse = 1 / Math.sqrt(squares / width + EPSILON);
        double bound = (width / 2.0 + 6) * UNIT;
        for (int i = 0; i < width; i++) {
            double exact = x[i] * inverse * gain[i];
            if (!(Math.abs(y[i] - exact) <= bound * Math.abs(exact))) {
                throw new IllegalStateException("element " + i + ": " + y[i] + ", exactly " + exact);
            }
        }
    }

    @Benchmark
    public float[] norm() {
        RmsNorm.apply(kernels, x, 0, gain, EPSILON, y, 0, lanes);
        return y;
    }
}
