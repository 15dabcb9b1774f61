package dev.m1.examples.cli;

import dev.m1.bench.medical.run.EvaluationListener;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a run is: a bar on a terminal, now and then a line elsewhere. */
final class EvalProgress implements EvaluationListener {
    /** Set by the launcher: only the shell can tell whether standard error is a terminal. */
    private static final String TERMINAL_PROPERTY = "m1.terminal.err";

    private static final long LINE_EVERY = Duration.ofSeconds(30).toNanos();

    private final PrintStream err;
    private final boolean terminal;
    private ProgressBar bar;
    private long begun;
    private int before;
    private long lastLine;

    EvalProgress(Console console) {
        this(console.err(), Boolean.getBoolean(TERMINAL_PROPERTY));
    }

    EvalProgress(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public void note(String line) {
        err.println(CommandLineInterface.oneLine(line));
    }

    @Override
    public void started(int total, int done) {
        begun = System.nanoTime();
        lastLine = begun;
        before = done;
        if (terminal) {
            bar = new ProgressBarBuilder()
                    .setTaskName("questions")
                    .setInitialMax(total)
                    .startsFrom(done, Duration.ZERO)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .setConsumer(new ConsoleProgressBarConsumer(err))
                    .build();
        } else {
            err.println((done == 0 ? "asking " + total : "going on behind " + done + " of " + total) + " questions");
        }
    }

    @Override
    public void answered(int done, int total, int failed) {
        if (bar != null) {
            bar.stepTo(done);
            bar.setExtraMessage(failed == 0 ? "" : " " + failed + " failed");
            return;
        }
        long now = System.nanoTime();
        if (now - lastLine >= LINE_EVERY || done == total) {
            lastLine = now;
            double perQuestion = (now - begun) / 1e9 / (done - before);
            err.println(done + " of " + total + " questions" + (failed == 0 ? "" : ", " + failed + " failed")
                    + (done == total ? "" : ", about " + time(perQuestion * (total - done)) + " left"));
        }
    }

    @Override
    public void ended() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    /** {@code 40 s}, {@code 12 min}, {@code 3 h 05 min}. */
    static String time(double seconds) {
        long minutes = Math.round(seconds / 60);
        if (seconds < 90) {
            return Math.max(1, Math.round(seconds)) + " s";
        }
        return minutes < 90
                ? minutes + " min"
                : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }
}
