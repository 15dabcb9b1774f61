package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/** One forward pass over a prompt whose last logits are the result. */
final class LogitsRun implements SequenceDriver {
    private final CompletableFuture<float[]> result = new CompletableFuture<>();
    private float[] logits; // [vocab]

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
        switch (end) {
            case FINISHED -> result.complete(logits);
            case CANCELLED, EXPIRED -> result.completeExceptionally(new CancellationException("cancelled"));
            case FAILED -> result.completeExceptionally(failure);
        }
    }
}
