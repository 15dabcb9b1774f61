package dev.m1.bench;

import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.bench.synthetic.ModelSource;
import java.util.Arrays;
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
 * Time to first token through the public API: a prompt no sequence has in common with an earlier one, one new token.
 */
@State(Scope.Benchmark) // requests come one after another
@BenchmarkMode(Mode.AverageTime) // what one waiting user sees
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 2, time = 1) // the first prompt of a JVM is slower; that is not what is asked here
@Measurement(iterations = 6, time = 1) // a prompt takes seconds on a small machine: one or a few per iteration
public class FirstTokenBenchmark {
    /** A checkpoint directory, or {@code synthetic:SHAPE}. */
    @Param("synthetic:0.5b")
    public String model;

    /** Backend, by its provider's name. */
    @Param("cpu")
    public String backend;

    /** Tokens of the prompt. */
    @Param({"32", "256"})
    public int prompt;

    /** Compute threads; 0 means one per processor. */
    @Param("0")
    public int threads;

    private LanguageModel opened;
    private int requests;

    @Setup
    public void setUp() {
        opened = LanguageModel.open(
                ModelSource.resolve(model),
                ModelOptions.builder()
                        .backend(backend)
                        .contextTokens(prompt + 16)
                        .threads(threads)
                        .build());
        verify();
    }

    /** The first token does not depend on how the prompt came in: whole, or as a continuation by one. */
    private void verify() {
        GenerationOptions two = GenerationOptions.greedy(2).withIgnoreEos(true);
        int[] ids = ids(-1);
        int[] both = opened.generate(ids, two).tokenIds();
        int[] longer = Arrays.copyOf(ids, prompt + 1);
        longer[prompt] = both[0];
        int second = opened.generate(longer, GenerationOptions.greedy(1).withIgnoreEos(true))
                .tokenIds()[0];
        if (both.length != 2 || second != both[1]) {
            throw new IllegalStateException("the second token is " + Arrays.toString(both) + " or " + second);
        }
    }

    /** Differs from every other request in its first token, so that no prefix is reused. */
    private int[] ids(int request) {
        int vocab = opened.info().spec().vocabSize();
        int[] ids = new int[prompt];
        Arrays.setAll(ids, i -> Math.floorMod(i * 7919 + (i == 0 ? request * 31 : 13), vocab));
        return ids;
    }

    @Benchmark
    public int[] firstToken() {
        return opened.generate(ids(requests++), GenerationOptions.greedy(1).withIgnoreEos(true))
                .tokenIds();
    }

    @TearDown
    public void tearDown() {
        opened.close();
    }
}
