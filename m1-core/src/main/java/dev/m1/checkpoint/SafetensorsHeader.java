package dev.m1.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parses the header of a safetensors file: 8 bytes of length, little-endian, then JSON, then the tensors' bytes. What
 * the reference implementation (huggingface/safetensors, {@code tensor.rs}) refuses is refused, and repeated names
 * besides.
 */
final class SafetensorsHeader {
    /** The reference implementation's limit. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    /** Far more than any model has; bounds the memory a hostile header can claim. */
    static final int MAX_TENSORS = 200_000;

    static final int LENGTH_BYTES = 8;

    private static final int MAX_DIMENSIONS = 8;
    private static final String METADATA = "__metadata__";
    private static final ValueLayout.OfLong LENGTH = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final JsonParser json;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private SafetensorsHeader(Path file, JsonParser json) {
        this.file = file;
        this.json = json;
    }

    /**
     * Length of the JSON, proven to lie within the file.
     *
     * @param content the whole file
     */
    static long length(Path file, MemorySegment content) {
        if (content.byteSize() < LENGTH_BYTES) {
            throw new CheckpointException(
                    file + ": " + content.byteSize() + " bytes, a safetensors file has at least 8");
        }
        long length = content.get(LENGTH, 0);
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new CheckpointException(file + ": offset 0: header length " + Long.toUnsignedString(length)
                    + ", at most " + MAX_HEADER_BYTES + " is allowed");
        }
        if (length > content.byteSize() - LENGTH_BYTES) {
            throw new CheckpointException(file + ": offset 0: header length " + length + ", but only "
                    + (content.byteSize() - LENGTH_BYTES) + " bytes follow; the file is truncated");
        }
        return length;
    }

    /**
     * The entries by name; their offsets are proven to fill the data without holes or overlaps.
     *
     * @param content the whole file
     */
    static Map<String, StoredTensor> read(Path file, MemorySegment content) {
        long length = length(file, content);
        MemorySegment text = content.asSlice(LENGTH_BYTES, length);
        if (length == 0 || text.get(ValueLayout.JAVA_BYTE, 0) != '{') {
            throw new CheckpointException(file + ": offset 8: the header must be a JSON object");
        }
        InputStream bytes = new ByteBufferBackedInputStream(text.asByteBuffer());
        // A strict decoder of our own: the parser's lets overlong sequences pass, and guesses UTF-16.
        Reader characters = new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser json = JsonFiles.FACTORY.createParser(characters)) {
            SafetensorsHeader header = new SafetensorsHeader(file, json);
            header.parse();
            TensorLayout.check(file, header.tensors.values(), content.byteSize() - LENGTH_BYTES - length);
            return header.tensors;
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    file + ": header is not valid JSON at " + JsonFiles.place(e) + ": " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new CheckpointException(file + ": header is not valid UTF-8", e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": header cannot be read: " + e, e);
        }
    }

    private void parse() throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, "header");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                metadata();
            } else {
                if (tensors.size() == MAX_TENSORS) {
                    throw new CheckpointException(file + ": more than " + MAX_TENSORS + " tensors");
                }
                tensors.put(name, tensor(name)); // the parser refuses a name that comes twice
            }
        }
        if (json.nextToken() != null) {
            throw wrong("header", "must end after the object");
        }
    }

    private void metadata() throws IOException {
        if (json.nextToken() == JsonToken.VALUE_NULL) {
            return;
        }
        expect(json.currentToken(), JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA);
        }
    }

    private StoredTensor tensor(String name) throws IOException {
        expect(json.nextToken(), JsonToken.START_OBJECT, name);
        StoredType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            switch (json.currentName()) {
                case "dtype" -> type = type(name);
                case "shape" -> shape = sizes(name, "shape", MAX_DIMENSIONS);
                case "data_offsets" -> offsets = sizes(name, "data_offsets", 2);
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw wrong(name, "needs dtype, shape and two data_offsets");
        }
        return new StoredTensor(name, type, List.copyOf(shape), offsets.get(0), offsets.get(1));
    }

    private StoredType type(String name) throws IOException {
        expect(json.nextToken(), JsonToken.VALUE_STRING, name);
        StoredType type = StoredType.named(json.getText());
        if (type == null) {
            throw wrong(name, "has unknown dtype " + shorten(json.getText()));
        }
        return type;
    }

    private List<Long> sizes(String name, String field, int most) throws IOException {
        expect(json.nextToken(), JsonToken.START_ARRAY, name);
        List<Long> sizes = new ArrayList<>(4);
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!whole || json.getLongValue() < 0) {
                throw wrong(name, field + " must hold whole numbers from 0, holds " + shorten(json.getText()));
            }
            if (sizes.size() == most) {
                throw wrong(name, field + " must have at most " + most + " numbers");
            }
            sizes.add(json.getLongValue());
        }
        return sizes;
    }

    private void expect(JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw wrong(what, "expected " + expected + ", found " + token);
        }
    }

    private CheckpointException wrong(String what, String rule) {
        // The parser counts characters; bytes, unless a name before this one is not ASCII.
        long offset = LENGTH_BYTES + Math.max(0, json.currentTokenLocation().getCharOffset());
        return new CheckpointException(file + ": offset " + offset + ": " + shorten(what) + ": " + rule);
    }

    private static String shorten(String text) {
        return text == null ? "nothing" : text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }
}
