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

    EventQueue(ReasoningListener listener) {
        this.listener = listener;
    }

    /** Begins to deliver; events may be posted before. */
    void start() {
        Thread.ofVirtual().name("m1-events").start(this::deliver);
    }

    /** Queues an event for the listener. */
    void post(Consumer<ReasoningListener> event) {
        events.add(() -> tell(event));
    }

    /** Queues the last event, then an action that runs whether or not the listener failed. */
    void postLast(Consumer<ReasoningListener> event, Runnable last) {
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
