package dev.m1;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Many requests at once, and their outcomes in order. */
final class BatchRun {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

    private final Reasoner reasoner;
    private final List<ReasoningRequest> requests;
    private final Consumer<BatchProgress> progress;
    private final Outcome[] outcomes;
    private final ReasoningHandle[] handles;
    private final CompletableFuture<Void> allDone = new CompletableFuture<>();
    private int done; // guarded by this
    private int failed; // guarded by this

    BatchRun(Reasoner reasoner, List<ReasoningRequest> requests, Consumer<BatchProgress> progress) {
        this.reasoner = reasoner;
        this.requests = List.copyOf(requests);
        this.progress = progress;
        outcomes = new Outcome[requests.size()];
        handles = new ReasoningHandle[requests.size()];
    }

    List<Outcome> run() {
        if (requests.isEmpty()) {
            return List.of();
        }
        for (int i = 0; i < handles.length; i++) {
            submit(i);
        }
        Blocking.await(allDone, this::cancel);
        synchronized (this) {
            return List.of(outcomes);
        }
    }

    private void submit(int index) {
        try {
            handles[index] = reasoner.submit(requests.get(index), new ReasoningListener() {});
        } catch (RuntimeException e) {
            ended(index, new Outcome(null, e));
            return;
        }
        handles[index].result().whenComplete((result, failure) -> ended(index, new Outcome(result, cause(failure))));
    }

    /** What was thrown, without the future's wrapper. */
    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
    }

    private void cancel() {
        Arrays.stream(handles).filter(h -> h != null).forEach(ReasoningHandle::cancel);
    }

    private synchronized void ended(int index, Outcome outcome) {
        outcomes[index] = outcome;
        done++;
        failed += outcome.succeeded() ? 0 : 1;
        try {
            progress.accept(new BatchProgress(index, outcome, done, failed, outcomes.length));
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            LOG.warn("a progress callback threw; the batch goes on", e);
        }
        if (done == outcomes.length) {
            allDone.complete(null);
        }
    }
}
