package dev.m1;

import dev.m1.errors.M1Exception;
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
            cancel.run();
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while waiting for the model");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            cause.addSuppressed(new M1Exception("waited for here")); // the caller's stack beside the engine's
            if (cause instanceof RuntimeException r) {
                throw r;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new M1Exception(cause.getMessage(), cause);
        }
    }
}
