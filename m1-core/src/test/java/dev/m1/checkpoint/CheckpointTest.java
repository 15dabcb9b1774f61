package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.errors.ModelClosedException;
import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path directory;

    private final CheckpointFiles files = new CheckpointFiles();

    private static void assertRefused(Path directory, String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void opensAndReads() {
        files.write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.directory()).isEqualTo(directory);
            assertThat(checkpoint.fileBytes()).isEqualTo(directory.resolve("model.safetensors").toFile().length());
            assertThat(checkpoint.generation().eosIds()).containsExactly(7);
            WeightTensor down = checkpoint.weights().tensor(TensorRole.DOWN, 0);
            assertThat(down.shape()).containsExactly(4, 6);
            assertThat(down.data().isReadOnly()).isTrue();
            assertThat(down.data().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(files.tensors.get(down.name()).data());
        }
    }

    @Test
    void rolesThatTheModelLacksAreTheCallersMistake() {
        files.write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThatThrownBy(() -> checkpoint.weights().tensor(TensorRole.LM_HEAD, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("LM_HEAD");
            assertThatThrownBy(() -> checkpoint.weights().tensor(TensorRole.Q, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Q of layer 1");
            assertThatThrownBy(() -> checkpoint.weights().tensor(TensorRole.Q, -1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void afterClosingAccessFailsCleanly() {
        files.write(directory);
        Checkpoint checkpoint = Checkpoint.open(directory);
        WeightTensor tensor = checkpoint.weights().tensor(TensorRole.Q, 0);
        checkpoint.close();
        checkpoint.close();
        assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> checkpoint.weights().tensor(TensorRole.Q, 0))
                .isInstanceOf(ModelClosedException.class)
                .hasMessageContaining("self_attn.q_proj.weight");
        assertThat(checkpoint.spec().hiddenSize()).isEqualTo(4);
    }

    @Test
    void typesMayDifferBetweenTensors() {
        files.putAs("model.norm.weight", "F32", 4, 4).putAs("model.layers.0.self_attn.q_proj.bias", "F16", 2, 4);
        files.write(directory);
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            assertThat(checkpoint.weights().tensor(TensorRole.OUTPUT_NORM, 0).dtype()).isEqualTo(DType.F32);
            assertThat(checkpoint.weights().tensor(TensorRole.Q_BIAS, 0).dtype()).isEqualTo(DType.F16);
            assertThat(checkpoint.weights().tensor(TensorRole.Q, 0).dtype()).isEqualTo(DType.BF16);
        }
    }

    @Test
    void whatIsNotACheckpointIsNamed() throws IOException {
        assertRefused(directory.resolve("absent"), "absent", "no such directory");
        Path file = Files.createFile(directory.resolve("model.gguf"));
        assertRefused(file, "is a file", "config.json");
        assertRefused(directory, "config.json is missing", "model.gguf (GGUF");
        Files.createFile(directory.resolve("adapter_config.json"));
        assertRefused(directory, "adapter_config.json");
    }

    @Test
    void missingWeightsAreNamedWithWhatIsThereInstead() throws IOException {
        files.writeConfig(directory);
        assertRefused(directory, "model.safetensors and model.safetensors.index.json");
        Files.createFile(directory.resolve("pytorch_model.bin"));
        Files.createFile(directory.resolve("m.gguf"));
        assertRefused(directory, "looked for model.safetensors", "pytorch_model.bin (PyTorch", "m.gguf (GGUF");
    }

    @Test
    void brokenConfigurations() {
        files.write(directory);
        Path config = directory.resolve("config.json");
        CheckpointFiles.writeFile(config, "{\"hidden_size\": 4,\n \"vocab_size\" 8}");
        assertRefused(directory, "config.json", "line 2");
        CheckpointFiles.writeFile(config, "[]");
        assertRefused(directory, "config.json", "expected a JSON object, found an array");
        CheckpointFiles.writeFile(config, "");
        assertRefused(directory, "config.json", "nothing");
        CheckpointFiles.writeFile(config, "{} {}");
        assertRefused(directory, "config.json");
        CheckpointFiles.writeFile(config, "{\"vocab_size\": 8, \"vocab_size\": 9}");
        assertRefused(directory, "config.json", "vocab_size");
        CheckpointFiles.writeFile(config, " ".repeat(2 << 20));
        assertRefused(directory, "config.json", "2097152 bytes");
        CheckpointFiles.writeFile(config, "{\"a\":" + "[".repeat(100_000));
        assertRefused(directory, "config.json", "depth");
        CheckpointFiles.writeFile(config, "\u0000\u0001\u0002");
        assertRefused(directory, "config.json");
    }

    @Test
    void brokenGenerationConfigIsNotIgnored() {
        files.write(directory);
        CheckpointFiles.writeFile(directory.resolve("generation_config.json"), "{\"top_k\": 20");
        assertRefused(directory, "generation_config.json", "line 1");
    }

    /** 56 GiB of weights that occupy no disk; touching every page would take minutes and all memory. */
    @Test
    void openingReadsHeadersOnly() throws IOException {
        files.config.put("hidden_size", 131_072).put("head_dim", 2).put("vocab_size", 16_383)
                .put("intermediate_size", 16_383).put("num_hidden_layers", 2);
        files.writeConfig(directory);
        ModelSpec spec = ConfigReader.read(new ConfigFields(directory.resolve("config.json"), files.config));
        long bytes = writeSparse(spec);
        assertThat(bytes).isGreaterThan(50L << 30);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (Checkpoint checkpoint = Checkpoint.open(directory)) {
                assertThat(checkpoint.fileBytes()).isEqualTo(bytes);
                assertThat(checkpoint.weights().tensor(TensorRole.DOWN, 1).data().byteSize())
                        .isEqualTo(4L * 131_072 * 16_383);
            }
        });
    }

    /**
     * A file of float32 zeros in the shapes of a model; only its first and last page are written. Its size in bytes.
     */
    private long writeSparse(ModelSpec spec) throws IOException {
        ObjectNode header = CheckpointFiles.JSON.createObjectNode();
        long offset = 0;
        for (TensorRole role : TensorRole.values()) {
            for (int layer = 0; role.presentIn(spec) && layer < (role.perLayer() ? spec.layers() : 1); layer++) {
                long bytes = role.shape(spec).stream().mapToLong(n -> n).reduce(4, (a, b) -> a * b);
                ObjectNode entry = header.putObject(TensorNames.of(role, layer)).put("dtype", "F32");
                entry.set("shape", CheckpointFiles.JSON.valueToTree(role.shape(spec)));
                entry.putArray("data_offsets").add(offset).add(offset + bytes);
                offset += bytes;
            }
        }
        byte[] start = CheckpointFiles.safetensors(header.toString(), new byte[0]);
        try (FileChannel channel = FileChannel.open(
                directory.resolve("model.safetensors"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap(start), 0);
            channel.write(ByteBuffer.allocate(1), start.length + offset - 1);
        }
        return start.length + offset;
    }
}
