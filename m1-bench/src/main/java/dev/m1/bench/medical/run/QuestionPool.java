package dev.m1.bench.medical.run;

import dev.m1.bench.medical.MedicalItem;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

/** Keeps so many questions in flight; whichever is ready first is taken first. The caller alone writes. */
final class QuestionPool {
    /** Takes the results, one at a time. */
    interface Sink {
        void done(QuestionResult result) throws IOException;
    }

    private QuestionPool() {}

    static void run(List<MedicalItem> items, int concurrency, Function<MedicalItem, QuestionResult> ask, Sink sink)
            throws IOException, InterruptedException {
        ThreadFactory threads = Thread.ofPlatform().daemon().name("question-", 0).factory();
        int most = Math.min(concurrency, items.size());
        ExecutorService pool = Executors.newFixedThreadPool(most, threads);
        try {
            CompletionService<QuestionResult> running = new ExecutorCompletionService<>(pool);
            // A question is handed over when another is on the disk: what a killed process loses is never more than
            // this many.
            int next = 0;
            for (; next < most; next++) {
                submit(running, ask, items.get(next));
            }
            for (int taken = 0; taken < items.size(); taken++) {
                sink.done(result(running));
                if (next < items.size()) {
                    submit(running, ask, items.get(next++));
                }
            }
        } finally {
            pool.shutdownNow(); // interrupts what runs, which cancels its sweep
        }
    }

    private static void submit(
            CompletionService<QuestionResult> running, Function<MedicalItem, QuestionResult> ask, MedicalItem item) {
        running.submit(() -> ask.apply(item));
    }

    private static QuestionResult result(CompletionService<QuestionResult> running) throws InterruptedException {
        try {
            return running.take().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause()); // the function throws no checked exception
        }
    }
}
