package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A result that cannot be written is never status 0. */
class LostOutputTest {
    private static final String[] ASK = {
        "ask",
        "--model",
        CliRun.fixture("tiny-qwen2").toString(),
        "--budget",
        "4",
        "--max-answer-tokens",
        "4",
        "Why?"
    };

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** Runs a command whose standard output fails with a message. */
    private int run(String failure, String... args) {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(failure);
            }
        };
        Console console = new Console(
                InputStream.nullInputStream(),
                new ResultStream(broken, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        return CommandLineInterface.run(console, args);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFullDiskIsAFailureInOneLine() {
        assertThat(run("No space left on device", "info")).isEqualTo(1);
        assertThat(said().lines()).singleElement().asString().contains("No space left on device");
    }

    @Test
    void aFullDiskEndsAStreamedAnswer() {
        assertThat(run("No space left on device", ASK)).isEqualTo(1);
        assertThat(said().lines()).singleElement().asString().contains("No space left on device");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Broken pipe", "The pipe is being closed"})
    void aReaderThatLeavesIsQuiet(String message) {
        assertThat(run(message, ASK)).isEqualTo(141);
        assertThat(said()).isEmpty();
    }

    @Test
    void helpIsAResultToo() {
        assertThat(run("No space left on device", "--help")).isEqualTo(1);
    }
}
