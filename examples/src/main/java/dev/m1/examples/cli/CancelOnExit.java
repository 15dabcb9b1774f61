package dev.m1.examples.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets Ctrl-C end a piece of work early instead of losing what it has produced so far. */
final class CancelOnExit {
    private static final long PATIENCE_SECONDS = 5;

    private CancelOnExit() {}

    /**
     * Does the work. If the JVM is told to end meanwhile, it runs {@code cancel} and gives the work a moment to finish.
     */
    static <T> T during(Runnable cancel, Supplier<T> work) {
        CountDownLatch finished = new CountDownLatch(1);
        Thread hook = new Thread(() -> {
            cancel.run();
            try {
                finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            finished.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is ending: the hook is what waited for this.
            }
        }
    }
}
