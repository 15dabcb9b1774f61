package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.Ledger;
import dev.m1.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;

/** Plain generation: sampled ids are appended until a stop or the cap. */
final class GenerationRun implements SequenceDriver {
    private final Tokenizer tokenizer; // may be null
    private final BitSet stops;
    private final int promptTokens;
    private final int maxNewTokens;
    private final RunClock clock = new RunClock();
    private final RequestEvent event = RequestEvent.begun("generate");
    private final CompletableFuture<Generation> result = new CompletableFuture<>();
    private final int[] generated; // [maxNewTokens]
    private int count;
    private FinishReason reason;

    GenerationRun(Tokenizer tokenizer, BitSet stops, int promptTokens, int maxNewTokens) {
        this.tokenizer = tokenizer;
        this.stops = stops;
        this.promptTokens = promptTokens;
        this.maxNewTokens = maxNewTokens;
        this.generated = new int[maxNewTokens];
    }

    CompletableFuture<Generation> result() {
        return result;
    }

    @Override
    public void onSampled(Sequence sequence, int id) {
        clock.token();
        if (stops.get(id)) {
            finish(sequence, FinishReason.STOP);
            return;
        }
        generated[count++] = id;
        if (count == maxNewTokens) {
            finish(sequence, FinishReason.LENGTH);
        } else {
            sequence.append(id);
        }
    }

    private void finish(Sequence sequence, FinishReason why) {
        reason = why;
        sequence.finish();
    }

    @Override
    public void onEnd(Sequence sequence, SequenceEnd end, Throwable failure) {
        if (end == SequenceEnd.FAILED) {
            event.failed(promptTokens, failure);
            result.completeExceptionally(failure);
            return;
        }
        clock.end();
        FinishReason why = end == SequenceEnd.CANCELLED ? FinishReason.CANCELLED : reason;
        int[] ids = Arrays.copyOf(generated, count);
        int unfed = promptTokens + count - sequence.cached();
        Ledger ledger = new Ledger(promptTokens, 0, 0, count, 0, unfed);
        Usage usage = Usage.of(ledger, sequence, clock);
        Generation g = new Generation(ids, tokenizer == null ? "" : tokenizer.decode(ids), why, usage);
        event.end(g);
        result.complete(g);
    }
}
