package dev.m1.bench;

import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
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

/** Time to pick one token from a vocabulary of Qwen2.5's size on the reference sampler. */
@State(Scope.Thread) // a sampler has buffers of its own
@BenchmarkMode(Mode.SampleTime) // one call is one token: its median and tail are what a user waits for
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2) // the compiler settles within the first
@Measurement(iterations = 5, time = 2) // thousands of samples, enough for a 99th percentile
@Fork(1) // settings differ in code, not in luck
public class SamplerBenchmark {
    private static final int VOCAB = 152_064;
    private static final int HISTORY = 4096; // tokens so far, for the penalty

    /** {@code qwen2.5} is that model's generation_config.json, penalty included. */
    @Param({"greedy", "plain", "topK20", "topP0.8", "topK20topP0.8", "qwen2.5"})
    public String settings;

    /** {@code peaked} as a trained model's, {@code flat} leaves thousands of ids within top-p. */
    @Param({"peaked", "flat"})
    public String shape;

    private final float[] source = new float[VOCAB]; // [vocab]
    private final float[] logits = new float[VOCAB]; // [vocab]
    private final int[] history = new int[HISTORY]; // [tokens]
    private Sampling sampling;
    private Sampler sampler;
    private int position;

    @Setup
    public void setUp() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < VOCAB; i++) {
            source[i] = (float) (2.5 * random.nextGaussian());
        }
        if (shape.equals("peaked")) {
            for (int i = 0; i < 50; i++) {
                source[random.nextInt(VOCAB)] = (float) (22 - 2.5 * Math.log(1 + i));
            }
        }
        for (int i = 0; i < HISTORY; i++) {
            history[i] = random.nextInt(VOCAB);
        }
        Sampling.Builder builder = Sampling.builder().seed(1);
        sampling = switch (settings) {
            case "greedy" -> builder.build();
            case "plain" -> builder.temperature(1).build();
            case "topK20" -> builder.temperature(1).topK(20).build();
            case "topP0.8" -> builder.temperature(1).topP(0.8).build();
            case "topK20topP0.8" -> builder.temperature(0.7).topK(20).topP(0.8).build();
            case "qwen2.5" ->
                builder.temperature(0.7)
                        .topK(20)
                        .topP(0.8)
                        .repetitionPenalty(1.05)
                        .build();
            default -> throw new IllegalArgumentException(settings);
        };
        sampler = new Sampler(VOCAB);
        verify();
    }

    /** The id has a positive probability under the settings, and the same call gives it again. */
    private void verify() {
        double[] p = sampler.probabilities(source.clone(), sampling, history, HISTORY, 0);
        double sum = 0;
        for (double x : p) {
            sum += x;
        }
        int id = sample();
        position--;
        if (Math.abs(sum - 1) > 1e-9 || p[id] <= 0 || sample() != id) {
            throw new IllegalStateException("wrong result: id " + id + ", probability " + p[id] + ", sum " + sum);
        }
    }

    /** Includes a copy of the logits (0.6 MB), because penalties change them. */
    @Benchmark
    public int sample() {
        System.arraycopy(source, 0, logits, 0, VOCAB);
        return sampler.sample(logits, sampling, history, HISTORY, 0, 0, position++);
    }
}
