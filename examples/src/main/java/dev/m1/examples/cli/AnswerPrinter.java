package dev.m1.examples.cli;

import dev.m1.ReasoningListener;
import dev.m1.thinking.ThinkingEnd;
import java.util.concurrent.atomic.AtomicReference;

/** Prints thinking and answer as they come, the thinking dimmed on a terminal. */
final class AnswerPrinter implements ReasoningListener {
    private static final String DIM = "\u001b[2m";
    private static final String RESET = "\u001b[0m";

    private final Console console;
    private final AtomicReference<Runnable> brokenPipe = new AtomicReference<>();
    private boolean dimmed;
    private char last = '\n';

    AnswerPrinter(Console console) {
        this.console = console;
    }

    /** What to do when nobody reads the output any more. */
    void onBrokenPipe(Runnable action) {
        brokenPipe.set(action);
    }

    @Override
    public void onThinking(String piece) {
        if (console.styled() && !dimmed) {
            console.out().print(DIM);
            dimmed = true;
        }
        print(piece);
    }

    @Override
    public void onThinkingEnd(ThinkingEnd reason) {
        undim();
        if (last != '\n') {
            print("\n");
        }
        if (reason != ThinkingEnd.NONE) {
            print("\n");
        }
    }

    @Override
    public void onAnswer(String piece) {
        print(piece);
    }

    /** Ends the last line, also after a failure or a cancellation. */
    void finish() {
        undim();
        if (last != '\n') {
            print("\n");
        }
    }

    private void undim() {
        if (dimmed) {
            console.out().print(RESET);
            dimmed = false;
        }
    }

    private void print(String text) {
        if (text.isEmpty()) {
            return;
        }
        console.out().print(text);
        last = text.charAt(text.length() - 1);
        Runnable action = brokenPipe.get();
        if (console.out().checkError() && action != null) { // flushes, too
            action.run();
        }
    }
}
