package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.thinking.ThinkingEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswerPrinterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String print(boolean styled, ThinkingEnd end) {
        AnswerPrinter printer = new AnswerPrinter(console(out, styled));
        if (end != ThinkingEnd.NONE) {
            printer.onThinking("Let me ");
            printer.onThinking("see.");
        }
        printer.onThinkingEnd(end);
        printer.onAnswer("B");
        printer.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Console console(OutputStream out, boolean styled) {
        PrintStream stream = new PrintStream(out, false, StandardCharsets.UTF_8);
        return new Console(InputStream.nullInputStream(), stream, stream, styled);
    }

    @Test
    void thinkingIsDimmedOnATerminal() {
        assertThat(print(true, ThinkingEnd.NATURAL)).isEqualTo("\u001b[2mLet me see.\u001b[0m\n\nB\n");
    }

    @Test
    void nothingIsStyledElsewhere() {
        assertThat(print(false, ThinkingEnd.BUDGET)).isEqualTo("Let me see.\n\nB\n");
    }

    @Test
    void withoutThinkingThereIsOnlyTheAnswer() {
        assertThat(print(true, ThinkingEnd.NONE)).isEqualTo("B\n");
    }

    @Test
    void aFailureWhileThinkingLeavesNoDimTerminal() {
        AnswerPrinter printer = new AnswerPrinter(console(out, true));
        printer.onThinking("Let");
        printer.finish();
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\u001b[0m\n");
    }

    @Test
    void aReaderThatLeavesEndsTheWork() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        AnswerPrinter printer = new AnswerPrinter(console(broken, false));
        AtomicInteger calls = new AtomicInteger();
        printer.onBrokenPipe(calls::incrementAndGet);
        printer.onAnswer("B");
        assertThat(calls).hasValue(1);
    }
}
