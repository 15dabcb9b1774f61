package dev.m1.engine;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Appends what is sampled until it has enough. */
class Collect implements SequenceDriver {
    final CompletableFuture<int[]> result = new CompletableFuture<>();
    final int wanted;
    volatile SequenceEnd end;
    volatile int got;

    Collect(int wanted) {
        this.wanted = wanted;
    }

    @Override
    public void onSampled(Sequence s, int id) {
        s.append(id);
        int now = got + 1;
        got = now;
        if (now == wanted) {
            s.finish();
        }
    }

    @Override
    public void onEnd(Sequence s, SequenceEnd how, Throwable failure) {
        end = how;
        if (failure != null) {
            result.completeExceptionally(failure);
        } else {
            result.complete(s.ids());
        }
    }

    int[] get() throws Exception {
        return result.get(30, TimeUnit.SECONDS);
    }
}
