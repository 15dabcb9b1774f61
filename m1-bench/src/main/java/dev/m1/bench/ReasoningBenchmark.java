package dev.m1.bench;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Outcome;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingEnd;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
 * What budgets, sweeps and batches cost on a whole model: {@code -p model=DIR}. Compare {@code budgeted} with {@code
 * plain} (the same number of decoded tokens), {@code sweep} with {@code separate} (the same cells), and {@code batch}
 * over its sizes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime) // each operation is a whole request or grid
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 3, time = 5) // the kernels are compiled in the first seconds
@Measurement(iterations = 5, time = 5)
public class ReasoningBenchmark {
    private static final int TOKENS = 128; // decoded by one operation of plain and budgeted

    /** Checkpoint folder with a tokenizer and a chat template. */
    @Param("")
    public String model;

    private LanguageModel opened;
    private Reasoner reasoner;
    private int[] prompt; // [tokens]
    private BudgetGrid grid;

    /** How many requests {@code batch} runs at a time. */
    @State(Scope.Benchmark)
    public static class Batch {
        @Param({"1", "2", "4", "8"})
        public int requests;
    }

    @Setup
    public void setUp() {
        opened = LanguageModel.open(
                Path.of(model),
                ModelOptions.builder()
                        .contextTokens(1024)
                        .kvTokens(16384)
                        .maxSequences(16)
                        .build());
        reasoner = Reasoner.of(opened);
        prompt = opened.tokenizer().encode("Which vitamin deficiency causes scurvy?");
        grid = BudgetGrid.of(0, 16, 32, 64, 128);
        verify();
    }

    /** The sweep's cells are the separate runs, and a budgeted run decodes what it is charged for. */
    private void verify() {
        ReasoningResult cut = budgeted();
        if (cut.thinkingEnd() != ThinkingEnd.BUDGET || cut.usage().outputTokens() != TOKENS) {
            throw new IllegalStateException("the model ends by itself: " + cut.thinkingEnd() + ", " + cut.usage());
        }
        List<ReasoningResult> alone = separate();
        List<ReasoningResult> swept = sweep().row(0);
        for (int i = 0; i < alone.size(); i++) {
            if (!alone.get(i).answer().equals(swept.get(i).answer())) {
                throw new IllegalStateException("cell " + i + " of the sweep differs from its separate run");
            }
        }
    }

    private static ReasoningRequest request(int budget, int answer, String question) {
        return ReasoningRequest.builder()
                .user(question)
                .budget(ThinkingBudget.upTo(budget))
                .maxAnswerTokens(answer)
                .build();
    }

    /** 128 tokens without any budget. */
    @Benchmark
    public int[] plain() {
        return opened.generate(prompt, GenerationOptions.greedy(TOKENS).withIgnoreEos(true))
                .tokenIds();
    }

    /** 112 thinking tokens, the cut, 16 answer tokens. */
    @Benchmark
    public ReasoningResult budgeted() {
        return reasoner.reason(request(TOKENS - 16, 16, "Which vitamin deficiency causes scurvy?"));
    }

    /** Five budgets in one pass. */
    @Benchmark
    public BudgetSweep sweep() {
        return reasoner.sweep(request(0, 16, "Which vitamin deficiency causes scurvy?"), grid);
    }

    /** The same five budgets one after another. */
    @Benchmark
    public List<ReasoningResult> separate() {
        List<ReasoningResult> all = new ArrayList<>();
        for (int budget : grid.budgets()) {
            all.add(reasoner.reason(request(budget, 16, "Which vitamin deficiency causes scurvy?")));
        }
        return all;
    }

    /** Several different questions at once, 64 + 16 tokens each. */
    @Benchmark
    public List<Outcome> batch(Batch batch) {
        List<ReasoningRequest> requests = new ArrayList<>();
        for (int i = 0; i < batch.requests; i++) {
            requests.add(request(64, 16, i + ". Which vitamin deficiency causes scurvy?"));
        }
        return reasoner.reasonAll(requests, p -> {});
    }

    @TearDown
    public void tearDown() {
        opened.close();
    }
}
