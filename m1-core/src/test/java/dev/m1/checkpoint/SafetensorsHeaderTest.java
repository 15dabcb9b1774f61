package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsHeaderTest {
    private static final Path FILE = Path.of("m.safetensors");

    /** Refused although the reference implementation accepts them: ambiguous, against the format's text, or absurd. */
    private static final Set<String> STRICTER =
            Set.of("name twice", "name twice in metadata", "leading space", "nine dimensions");

    static Stream<Arguments> goldens() throws IOException {
        try (InputStream in = SafetensorsHeaderTest.class.getResourceAsStream("/checkpoint/header_goldens.json")) {
            return CheckpointFiles.JSON.readTree(in).get("cases").properties().stream()
                    .map(e -> Arguments.of(e.getKey(), e.getValue()));
        }
    }

    private static Map<String, StoredTensor> read(byte[] content) {
        return SafetensorsHeader.read(FILE, MemorySegment.ofArray(content));
    }

    private static Map<String, StoredTensor> read(String header, int dataBytes) {
        return read(CheckpointFiles.safetensors(header, new byte[dataBytes]));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void acceptsWhatTheReferenceImplementationAccepts(String name, JsonNode golden) {
        byte[] content = Base64.getDecoder().decode(golden.get("file").asText());
        if (golden.get("accepted").asBoolean() && !STRICTER.contains(name)) {
            assertThatCode(() -> read(content)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> read(content))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("m.safetensors");
        }
    }

    @Test
    void readsEntries() {
        Map<String, StoredTensor> tensors = read(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"b\":{\"dtype\":\"BF16\",\"shape\":[2,3],\"data_offsets\":[4,16]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
                16);
        assertThat(tensors).containsOnlyKeys("a", "b");
        assertThat(tensors.get("a")).isEqualTo(new StoredTensor("a", StoredType.F32, List.of(), 0, 4));
        assertThat(tensors.get("b")).isEqualTo(new StoredTensor("b", StoredType.BF16, List.of(2L, 3L), 4, 16));
    }

    /** Shape, offsets and data size of a U8 tensor, and what the message must say. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [3]  | [0,4] | 4 | tensor t: shape [3] of U8 needs 3.0 bytes, data_offsets give 4
            [4]  | [0,4] | 3 | tensor t: ends at offset 4 of 3 data bytes
            [4]  | [1,5] | 5 | tensor t: starts at offset 1, leaving a hole
            [4]  | [0,4] | 6 | end at offset 4 of 6 data bytes
            [4]  | [4,0] | 4 | end at 0, before they begin at 4
            [-4] | [0,4] | 4 | shape must hold whole numbers from 0, holds -4
            [4]  | [0,9223372036854775808] | 4 | data_offsets must hold whole numbers from 0, holds 9223372036854775808
            [9223372036854775807,9] | [0,4] | 4 | overflows
            """)
    void messagesNameTensorOffsetAndBothValues(String shape, String offsets, int dataBytes, String message) {
        String header = "{\"t\":{\"dtype\":\"U8\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
        assertThatThrownBy(() -> read(header, dataBytes))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("m.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void overlapNamesBothTensors() {
        String header = "{\"first\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                + "\"second\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]}}";
        assertThatThrownBy(() -> read(header, 7))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor second: starts at offset 3 and overlaps first, which ends at 4");
    }

    @Test
    void brokenJsonIsPlaced() {
        assertThatThrownBy(() -> read("{\"a\":{\"dtype\" \"F32\"}}", 0))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("line 1, column");
        assertThatThrownBy(() -> read("{\"abc\":{\"dtype\":\"F33\"}}", 0))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("offset 24: abc: has unknown dtype F33");
    }

    @Test
    void aHostileHeaderIsBounded() {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= SafetensorsHeader.MAX_TENSORS; i++) {
            header.append(i == 0 ? "" : ",").append("\"").append(Integer.toString(i, 36))
                    .append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        assertThatThrownBy(() -> read(header + "}", 0))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("more than 200000 tensors");
        String deep = "{\"a\":{\"x\":" + "[".repeat(100_000);
        assertThatThrownBy(() -> read(deep, 0)).isInstanceOf(CheckpointException.class).hasMessageContaining("depth");
        String longName = "{\"" + "n".repeat(5_000) + "\":1}";
        assertThatThrownBy(() -> read(longName, 0))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("4096");
        String longNumber = "{\"a\":{\"shape\":[" + "9".repeat(100_000) + "]}}";
        assertThatThrownBy(() -> read(longNumber, 0)).isInstanceOf(CheckpointException.class);
    }
}
