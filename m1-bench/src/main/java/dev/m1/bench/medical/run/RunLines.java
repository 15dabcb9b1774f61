package dev.m1.bench.medical.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.JsonLines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Reads the lines of a run's file. A process that was killed, or a machine that lost its power, may leave the last line
 * unfinished or filled with zeros: it is left out. Any other line that is wrong is an error.
 */
final class RunLines {
    /** Longer than any grid's texts; a bound, so that a file that is none does not exhaust the memory. */
    private static final int MAX_LINE = 256 << 20; // bytes

    private final Path file;
    private final LineHandler handler;
    private DataException held; // What is wrong with the line before, which may be the last.
    private long goodBytes;

    /** Takes a line; an {@link IllegalArgumentException} says what is wrong with it. */
    interface LineHandler {
        void line(int number, JsonNode line);
    }

    private RunLines(Path file, LineHandler handler) {
        this.file = file;
        this.handler = handler;
    }

    /**
     * Reads all lines from a stream's start.
     *
     * @return bytes up to the end of the last line that is whole
     * @throws DataException for a wrong line that is not the last; names file and line
     */
    static long read(Path file, InputStream in, LineHandler handler) throws IOException {
        RunLines lines = new RunLines(file, handler);
        lines.read(in);
        return lines.goodBytes;
    }

    private void read(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 14);
        long bytes = 0;
        int number = 1;
        for (int b = in.read(); b >= 0; b = in.read()) {
            bytes++;
            if (b != '\n') {
                if (line.size() == MAX_LINE) {
                    throw new DataException(file + ", line " + number + ": longer than " + MAX_LINE + " bytes");
                }
                line.write(b);
                continue;
            }
            if (held != null) {
                throw held; // It was not the last one.
            }
            take(number++, line.toByteArray());
            line.reset();
            if (held == null) {
                goodBytes = bytes;
            }
        }
        if (held != null && line.size() > 0) {
            throw held;
        }
    }

    private void take(int number, byte[] bytes) throws IOException {
        try {
            JsonNode line = JsonLines.MAPPER.readTree(bytes);
            if (!line.isObject()) {
                throw new IllegalArgumentException("not a JSON object");
            }
            handler.line(number, line);
        } catch (JsonProcessingException e) {
            held = new DataException(at(number) + "not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new DataException(at(number) + e.getMessage(), e); // whole, and yet wrong
        }
    }

    private String at(int number) {
        return file + ", line " + number + ": ";
    }
}
