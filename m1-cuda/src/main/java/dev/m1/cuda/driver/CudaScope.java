package dev.m1.cuda.driver;

import java.util.ArrayDeque;
import java.util.Deque;

/** Owns objects and closes them in the reverse order of their making, all of them, whatever the first failures are. */
public final class CudaScope implements AutoCloseable {
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    /** Takes an object over and returns it. */
    public <T extends AutoCloseable> T own(T object) {
        owned.push(object);
        return object;
    }

    /** Closes everything because of a failure, to which failures of closing are added. */
    public void closeAfter(Throwable cause) {
        try {
            close();
        } catch (RuntimeException e) {
            cause.addSuppressed(e); // after a lost context every call fails
        }
    }

    /**
     * Closes everything. Closing twice is fine.
     *
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) {
                RuntimeException failure = e instanceof RuntimeException r ? r : new IllegalStateException(e);
                if (first == null) {
                    first = failure;
                } else if (failure != first) {
                    first.addSuppressed(failure);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
