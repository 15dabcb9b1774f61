package dev.m1;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many requests at once, and their outcomes in order. Outcomes come to the caller's thread through a queue, which alone
 * counts them and tells the host, so that nothing the host does in its callback can hold up anything else.
 */
final class BatchRun {
    private static final Logger LOG = LoggerFactory.getLogger(BatchRun.class);

    private final Reasoner reasoner;
    private final List<ReasoningRequest> requests;
    private final Consumer<BatchProgress> progress;
    private final ReasoningHandle[] handles; // [requests], null where submitting failed
    private final BlockingQueue<Ended> queue = new LinkedBlockingQueue<>();

    // Used by the caller's thread.
    private final Outcome[] outcomes; // [requests]
    private int done;
    private int failed;

    private record Ended(int index, Outcome outcome) {}

    BatchRun(Reasoner reasoner, List<ReasoningRequest> requests, Consumer<BatchProgress> progress) {
        this.reasoner = reasoner;
        this.requests = List.copyOf(requests);
        this.progress = progress;
        outcomes = new Outcome[requests.size()];
        handles = new ReasoningHandle[requests.size()];
    }

    List<Outcome> run() {
        try {
            for (int i = 0; i < handles.length; i++) {
                submit(i);
                for (Ended e = queue.poll(); e != null; e = queue.poll()) {
                    count(e);
                }
            }
            while (done < outcomes.length) {
                count(Blocking.take(queue, () -> {}));
            }
        } finally {
            cancel(); // only if it ends early
        }
        return List.of(outcomes);
    }

    private void submit(int index) {
        try {
            handles[index] = reasoner.submitSilently(requests.get(index));
        } catch (RuntimeException e) {
            queue.add(new Ended(index, new Outcome(null, e)));
            return;
        }
        handles[index].result().whenComplete((result, failure) -> {
            queue.add(new Ended(index, new Outcome(result, cause(failure))));
        });
    }

    /** What was thrown, without the future's wrapper. */
    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException c && c.getCause() != null ? c.getCause() : failure;
    }

    private void cancel() {
        if (done < outcomes.length) {
            Arrays.stream(handles).filter(h -> h != null).forEach(ReasoningHandle::cancel);
        }
    }

    private void count(Ended e) {
        outcomes[e.index] = e.outcome;
        done++;
        failed += e.outcome.succeeded() ? 0 : 1;
        try {
            progress.accept(new BatchProgress(e.index, e.outcome, done, failed, outcomes.length));
        } catch (RuntimeException | Error thrown) {
            LOG.warn("a progress callback threw; the batch goes on", thrown);
        }
    }
}
