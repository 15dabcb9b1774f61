package dev.m1.examples.demo;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.BudgetSweep.Cell;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks a whole exam at every budget and every number of Waits: one pass for each question, many questions at once, so
 * that the model computes them as one batch.
 */
public final class ExamSweep {
    private static final int ANSWER_TOKENS = 48; // an answer of the demo checkpoints has about 20

    // Few questions at a time keep their keys and values in the processor's cache: 4 were a quarter faster than 24.
    private static final int QUESTIONS = 4;
    // A question is several sequences where its cells have parted.
    private static final int SEQUENCES = 16;
    private static final int STEP_TOKENS = 512;
    private static final int KV_TOKENS = 16 * 1024;

    private ExamSweep() {}

    /** Options for a model that is to run a whole exam. */
    public static ModelOptions.Builder options() {
        return ModelOptions.builder()
                .maxSequences(SEQUENCES)
                .maxStepTokens(STEP_TOKENS)
                .kvTokens(KV_TOKENS);
    }

    /**
     * Blocks until all questions are answered; the first failure ends it.
     *
     * @param name of the checkpoint
     * @param model opened with {@link #options}, or another that may run many sequences
     * @param progress hears of every question that is done, one call at a time
     */
    public static ExamResult run(String name, LanguageModel model, Exam exam, BudgetGrid grid, Runnable progress) {
        Reasoner reasoner = Reasoner.of(model);
        Map<Cell, Verdicts> verdicts = new LinkedHashMap<>();
        for (int waits : grid.waits()) {
            for (int budget : grid.budgets()) {
                verdicts.put(new Cell(budget, waits), new Verdicts(exam.size()));
            }
        }
        long fed = 0;
        long separate = 0;
        // Threads are cheap, but each of these holds a request: a fixed pool is the bound on them.
        ExecutorService questions = Executors.newFixedThreadPool(QUESTIONS, Thread.ofVirtual().factory());
        try {
            List<Future<BudgetSweep>> sweeps = new ArrayList<>();
            for (ExamQuestion question : exam.questions()) {
                sweeps.add(questions.submit(() -> reasoner.sweep(request(question), grid)));
            }
            for (int i = 0; i < sweeps.size(); i++) {
                BudgetSweep sweep = await(sweeps.get(i));
                for (Map.Entry<Cell, Verdicts> cell : verdicts.entrySet()) {
                    cell.getValue().score(i, exam.questions().get(i).item(), sweep.cells().get(cell.getKey()));
                }
                fed += sweep.ledger().fed();
                separate += sweep.ledger().separate();
                sweeps.set(i, null); // its texts are not needed any more
                progress.run();
            }
        } finally {
            questions.shutdownNow(); // interrupts what is left after a failure, which cancels it
        }
        return new ExamResult(name, exam, grid, verdicts, fed, separate);
    }

    private static ReasoningRequest request(ExamQuestion question) {
        return ReasoningRequest.builder()
                .user(question.prompt())
                .maxAnswerTokens(ANSWER_TOKENS)
                .build();
    }

    private static BudgetSweep await(Future<BudgetSweep> sweep) {
        try {
            return sweep.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the exam was interrupted");
        }
    }
}
