package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.TensorRole;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards and their index. */
class WeightFilesTest {
    private static final String FIRST = "model-00001-of-00002.safetensors";
    private static final String SECOND = "model-00002-of-00002.safetensors";
    private static final String NORM = "model.norm.weight";

    @TempDir
    private Path directory;

    private final CheckpointFiles files = new CheckpointFiles();
    private final Map<String, CheckpointFiles.Entry> first = new LinkedHashMap<>();
    private final Map<String, CheckpointFiles.Entry> second = new LinkedHashMap<>();
    private final ObjectNode weightMap = CheckpointFiles.JSON.createObjectNode();

    @BeforeEach
    void splitInTwo() {
        files.writeConfig(directory);
        files.tensors.forEach((name, entry) -> {
            boolean inFirst = first.size() < files.tensors.size() / 2;
            (inFirst ? first : second).put(name, entry);
            weightMap.put(name, inFirst ? FIRST : SECOND);
        });
    }

    private void write() {
        CheckpointFiles.writeFile(directory.resolve(FIRST), CheckpointFiles.safetensors(first));
        CheckpointFiles.writeFile(directory.resolve(SECOND), CheckpointFiles.safetensors(second));
        ObjectNode index = CheckpointFiles.JSON.createObjectNode();
        index.putObject("metadata").put("total_size", 1);
        index.set("weight_map", weightMap);
        writeIndex(index.toString());
    }

    private void writeIndex(String text) {
        CheckpointFiles.writeFile(directory.resolve("model.safetensors.index.json"), text);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void opensShards() throws IOException {
        write();
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.fileBytes())
                    .isEqualTo(Files.size(directory.resolve(FIRST)) + Files.size(directory.resolve(SECOND)));
            assertThat(checkpoint.weights().tensor(TensorRole.DOWN, 0).data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(second.get("model.layers.0.mlp.down_proj.weight").data());
            assertThat(checkpoint.weights().tensor(TensorRole.OUTPUT_NORM, 0).data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(first.get(NORM).data());
        }
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        write();
        Files.delete(directory.resolve(SECOND));
        assertRefused("index.json", "shard " + SECOND + " is missing");
    }

    @Test
    void aTensorThatIsNotInItsShardIsNamed() {
        weightMap.put(NORM, SECOND);
        write();
        assertRefused("tensor " + NORM + " is not in its shard " + SECOND);
    }

    @Test
    void aTensorInTwoShardsIsRefused() {
        second.put(NORM, first.get(NORM));
        write();
        assertRefused(SECOND, "tensor " + NORM, "says " + FIRST);
    }

    @Test
    void aTensorThatTheIndexDoesNotKnowIsRefused() {
        weightMap.remove(NORM);
        write();
        assertRefused(FIRST, "tensor " + NORM, "says nothing of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "../m.safetensors", "/etc/m.safetensors", "a/m.safetensors", "a\\\\m.safetensors", "C:m.safetensors", "..", "",
        "m.bin", "a\\u0000.safetensors", "\\u001f.safetensors"
    })
    void fileNamesMustStayInTheDirectory(String name) {
        writeIndex("{\"weight_map\": {\"" + NORM + "\": \"" + name + "\"}}");
        assertRefused("index.json", "weight_map." + NORM, "must name a .safetensors file");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[]", "{", "{}", "{\"weight_map\": {}}", "{\"weight_map\": []}", "{\"weight_map\": {\"a\": 1}}",
        "{\"weight_map\": {\"a\"", "{\"weight_map\": {\"a\": \"x.safetensors\"}} x",
        "{\"weight_map\": {\"a\": \"x.safetensors\", \"a\": \"y.safetensors\"}}"
    })
    void brokenIndexes(String text) {
        writeIndex(text);
        assertRefused("model.safetensors.index.json");
    }

    @Test
    void oneFileGoesBeforeAnIndex() {
        writeIndex("broken");
        files.write(directory);
        Checkpoint.open(directory).close();
    }
}
