package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** One forward pass over a prompt whose last logits are the result. */
final class LogitsRun implements SequenceDriver {
    private final int promptTokens;
    private final RequestEvent event = RequestEvent.begun("logits");
    private final CompletableFuture<float[]> result = new CompletableFuture<>();
    private float[] logits; // [vocab]

    LogitsRun(int promptTokens) {
        this.promptTokens = promptTokens;
    }

    CompletableFuture<float[]> result() {
        return result;
    }

    @Override
    public void onSampled(Sequence sequence, int id) {
        throw new IllegalStateException("only logits were asked for");
    }

    @Override
    public void onLogits(Sequence sequence, float[] values) {
        logits = values;
        sequence.finish();
    }

    @Override
    public void onEnd(Sequence sequence, SequenceEnd end, Throwable failure) {
        if (end == SequenceEnd.FINISHED) {
            event.end(promptTokens, sequence.reused(), sequence.fed());
            result.complete(logits);
        } else {
            Throwable cause = failure != null ? failure : new CancellationException("cancelled");
            event.failed(promptTokens, cause);
            result.completeExceptionally(cause);
        }
    }
}
