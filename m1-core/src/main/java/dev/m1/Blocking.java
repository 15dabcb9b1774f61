package dev.m1;

import dev.m1.errors.M1Exception;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting for a result in the caller's thread. */
final class Blocking {
    private Blocking() {}

    /**
     * Waits; an interrupt cancels, stays set, and ends in a {@link CancellationException}. Failures keep their type.
     */
    static <T> T await(CompletableFuture<T> result, Runnable cancel) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            throw interrupted(cancel);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    /** Waits for the next of several things; an interrupt ends as in {@link #await}. */
    static <T> T take(BlockingQueue<T> queue, Runnable cancel) {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            throw interrupted(cancel);
        }
    }

    /** What another thread's failure is for the caller: itself, with the caller's stack beside the engine's. */
    static RuntimeException failure(Throwable cause) {
        cause.addSuppressed(new M1Exception("waited for here"));
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException r ? r : new M1Exception(cause.getMessage(), cause);
    }

    private static CancellationException interrupted(Runnable cancel) {
        cancel.run();
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted while waiting for the model");
    }
}
