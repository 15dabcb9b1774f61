package dev.m1.bench;

import dev.m1.bench.synthetic.ModelSource;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
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

/** Time to open a checkpoint, headers proven and weights mapped: {@code -p model=DIR}. */
@State(Scope.Benchmark) // one opening after another
@BenchmarkMode(Mode.SingleShotTime) // what a user waits for is the first opening in a JVM, class loading included
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0) // see above
@Measurement(iterations = 1) // see above
@Fork(10) // the first opening is measured once per JVM
public class CheckpointOpenBenchmark {
    /** A checkpoint directory, or {@code synthetic:SHAPE}. */
    @Param("synthetic:0.5b")
    public String model;

    private Path path;

    @Setup
    public void setUp() {
        path = ModelSource.resolve(model);
    }

    /** Opens, checks that the last matrix can be read to its last byte, closes. */
    @Benchmark
    public long open() {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            WeightTensor last = checkpoint
                    .weights()
                    .tensor(TensorRole.DOWN, checkpoint.spec().layers() - 1);
            last.data().get(ValueLayout.JAVA_BYTE, last.data().byteSize() - 1);
            if (checkpoint.weights().totalBytes() > checkpoint.fileBytes()) {
                throw new IllegalStateException(
                        checkpoint.weights().totalBytes() + " bytes of tensors in " + checkpoint.fileBytes());
            }
            return checkpoint.fileBytes();
        }
    }
}
