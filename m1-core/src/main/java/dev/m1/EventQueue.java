package dev.m1;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers one request's events in order on a virtual thread of its own, so that whatever a listener does, the engine
 * does not wait for it.
 */
final class EventQueue {
    private static final Logger LOG = LoggerFactory.getLogger(EventQueue.class);

    private final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    private final ReasoningListener listener;
    private boolean listenerFailed; // only the delivering thread uses it
    private boolean done; // only the delivering thread uses it

    /**
     * @param listener null if there is none: nothing is queued then, and no thread started
     */
    EventQueue(ReasoningListener listener) {
        this.listener = listener;
    }

    /** Begins to deliver; events may be posted before. */
    void start() {
        if (listener != null) {
            Thread.ofVirtual().name("m1-events").start(this::deliver);
        }
    }

    /** Queues an event for the listener. */
    void post(Consumer<ReasoningListener> event) {
        if (listener != null) {
            events.add(() -> tell(event));
        }
    }

    /**
     * Queues the last event, then an action that runs whether or not the listener failed. Without a listener the action
     * runs at once, so it must not call the host's code.
     */
    void postLast(Consumer<ReasoningListener> event, Runnable last) {
        if (listener == null) {
            last.run();
            return;
        }
        events.add(() -> {
            tell(event);
            last.run();
            done = true;
        });
    }

    private void tell(Consumer<ReasoningListener> event) {
        if (listenerFailed) {
            return;
        }
        try {
            event.accept(listener);
        } catch (Throwable t) {
            listenerFailed = true;
            LOG.warn("a reasoning listener threw and hears nothing more; its request goes on", t);
        }
    }

    private void deliver() {
        while (!done) {
            try {
                events.take().run();
            } catch (InterruptedException e) {
                LOG.debug("interrupt of an event thread ignored"); // a listener interrupted its own thread
            }
        }
    }
}
