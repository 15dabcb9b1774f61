package dev.m1.bench.medical;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Files of one JSON object a line, in UTF-8; {@code .gz} files are unpacked on the way. */
public final class JsonLines {
    /** A longer line is an error, not a way to exhaust the memory. */
    private static final int MAX_LINE = 16 << 20; // bytes

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** A key given twice is an error: it would lose an option without a word. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** What is done with a line. An {@link IllegalArgumentException} becomes an error that names file and line. */
    public interface LineReader {
        void read(int line, JsonNode object) throws IOException;
    }

    private JsonLines() {}

    /**
     * @throws DataException for a line that is no JSON object, or that the reader refuses
     * @throws IOException if the file cannot be read
     */
    public static void read(Path file, LineReader reader) throws IOException {
        try (InputStream in = open(file)) {
            int number = 1;
            for (String line = nextLine(in, file, number); line != null; line = nextLine(in, file, ++number)) {
                if (number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK) {
                    line = line.substring(1);
                }
                if (line.isBlank()) {
                    continue;
                }
                try {
                    JsonNode node = MAPPER.readTree(line);
                    if (!node.isObject()) {
                        throw new IllegalArgumentException(
                                "expected an object, found " + node.getNodeType().name().toLowerCase(Locale.ROOT));
                    }
                    reader.read(number, node);
                } catch (JsonProcessingException e) {
                    throw new DataException(at(file, number) + "not valid JSON: " + e.getOriginalMessage(), e);
                } catch (IllegalArgumentException e) {
                    throw new DataException(at(file, number) + e.getMessage(), e);
                }
            }
        } catch (EOFException | ZipException e) {
            throw new DataException(file + ": " + e.getMessage(), e); // A damaged .gz names no file itself.
        }
    }

    static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        if (!file.toString().endsWith(".gz")) {
            return raw;
        }
        try {
            return new BufferedInputStream(new GZIPInputStream(raw), 1 << 16);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    private static String nextLine(InputStream in, Path file, int number) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(512);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == MAX_LINE) {
                throw new DataException(at(file, number) + "longer than " + MAX_LINE + " bytes");
            }
            line.write(b);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new DataException(at(file, number) + "not UTF-8", e);
        }
    }

    private static String at(Path file, int line) {
        return file + ", line " + line + ": ";
    }
}
