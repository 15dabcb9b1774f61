package dev.m1.bench.medical.run;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.JsonLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * The file a run grows in: {@code run.jsonl}, a line of settings first, then a line for each question as it is done,
 * forced to the disk before the next. Lines are only ever appended, so a run that was killed at any moment has lost no
 * question but those that were being asked; opened again it goes on behind them. One process at a time writes it.
 */
final class RunFile implements AutoCloseable {
    static final String NAME = "run.jsonl";
    static final String HEADER = "settings";
    static final String SESSION = "session";
    /** ASCII: answers may hold anything, half a surrogate pair too. */
    private static final ObjectWriter WRITER = JsonLines.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final Path file;
    private final FileChannel channel;
    private final Set<String> done = new HashSet<>();
    private boolean hasHeader;
    private long repairedBytes;
    private boolean broken; // guarded by this

    private RunFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a run's file, or begins it.
     *
     * @throws DataException if it was made with other settings (each field is named with both values), is not a run's
     *     file, or another process is writing it
     */
    static RunFile open(Path directory, ObjectNode settings) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(NAME);
        FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            RunFile run = new RunFile(file, channel);
            run.lock();
            run.load(settings);
            return run;
        } catch (Throwable t) {
            channel.close();
            throw t;
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) { // released when the channel is closed, or the process ends
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Another run of this very process.
        }
        throw new DataException(file + " is being written by another run");
    }

    private void load(ObjectNode settings) throws IOException {
        // Not closed: that would close the channel.
        BufferedInputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        long good = RunLines.read(file, in, (number, line) -> {
            if (number == 1) {
                if (!line.path(HEADER).isObject()) {
                    throw new DataException(file + ", line 1: not the settings of a run");
                }
                SettingsCheck.requireSame(file, line.get(HEADER), settings);
                hasHeader = true;
            } else if (!line.has(SESSION) && !done.add(idOf(line))) {
                throw new IllegalArgumentException("question " + idOf(line) + " for the second time");
            }
        });
        repairedBytes = channel.size() - good;
        if (repairedBytes > 0 && !hasHeader && channel.size() > 0 && !beginsLikeARun()) {
            throw new DataException(file + ", line 1: not the settings of a run");
        }
        channel.truncate(good);
        channel.position(good);
        if (!hasHeader) {
            append(JsonLines.MAPPER.createObjectNode().set(HEADER, settings));
        }
    }

    /** Whether a file that has no whole line may be the torn beginning of a run, and not something of somebody else. */
    private boolean beginsLikeARun() throws IOException {
        byte[] expected = ("{\"" + HEADER + "\":").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(expected.length, channel.size()));
        channel.read(start, 0);
        for (int i = 0; i < start.position(); i++) {
            if (start.get(i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static String idOf(JsonNode line) {
        return ResultCodec.read(line).item().id(); // refuses a line that could not be read back later
    }

    /** Keys of the questions that are done. */
    Set<String> done() {
        return Collections.unmodifiableSet(done);
    }

    /** Bytes of an unfinished last line that were taken away; 0 if it was whole. */
    long repairedBytes() {
        return repairedBytes;
    }

    /** Appends a line and waits until it is on the disk. */
    synchronized void append(JsonNode line) throws IOException {
        if (broken) {
            throw new IOException(file + ": an earlier line could not be written whole");
        }
        ByteBuffer bytes = ByteBuffer.wrap(text(line).getBytes(StandardCharsets.US_ASCII));
        broken = true; // Half a line with another behind it could not be repaired.
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
        broken = false;
    }

    /** A line as the file holds it, its end included. */
    static String text(JsonNode line) throws IOException {
        return WRITER.writeValueAsString(line) + "\n";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
