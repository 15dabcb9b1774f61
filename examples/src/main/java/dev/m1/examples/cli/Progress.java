package dev.m1.examples.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on standard error: drawn anew in place on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79; // columns; no terminal is narrower
    private static final int LIVELY_MILLIS = 200;
    private static final int LINE_MILLIS = 5000;

    private final ProgressBar bar;

    Progress(Console console, String task, String unit, int total) {
        PrintStream err = console.err();
        bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(console.lively() ? LIVELY_MILLIS : LINE_MILLIS)
                .setConsumer(
                        console.lively()
                                ? new ConsoleProgressBarConsumer(err, WIDTH)
                                : new DelegatingProgressBarConsumer(err::println, WIDTH))
                .build();
    }

    /** One more is done. */
    void step() {
        bar.step();
    }

    @Override
    public void close() {
        bar.close();
    }
}
