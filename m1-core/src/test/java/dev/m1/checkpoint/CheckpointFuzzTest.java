package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged files: opening one ends in a {@link CheckpointException}, or in a model whose tensors can all be read.
 * Anything else, an OutOfMemoryError or a StackOverflowError too, fails the test.
 */
class CheckpointFuzzTest {
    /** Text that damage of single bytes rarely makes. */
    private static final String[] SNIPPETS = {
        "-1", "0", "1e999", "9223372036854775807", "18446744073709551616", "null", "true", "[]", "{}", "\"", "\\u0000",
        "[[[[", "}", "NaN", ",", ":", "\"F64\"", "\"dtype\"", "0.5", "\uD800", "\u00e9"
    };

    private static Path directory;
    private static byte[] config;
    private static byte[] weights;
    private static byte[] index;

    @BeforeContainer
    static void write() throws IOException {
        directory = Files.createTempDirectory("m1-fuzz");
        CheckpointFiles files = new CheckpointFiles();
        files.config.putObject("rope_scaling").put("type", "yarn").put("factor", 2.0)
                .put("original_max_position_embeddings", 32);
        files.write(directory);
        config = Files.readAllBytes(directory.resolve("config.json"));
        weights = Files.readAllBytes(directory.resolve("model.safetensors"));
        ObjectNode map = CheckpointFiles.JSON.createObjectNode();
        ObjectNode names = map.putObject("weight_map");
        files.tensors.keySet().forEach(name -> names.put(name, "shard.safetensors"));
        index = map.toString().getBytes(StandardCharsets.UTF_8);
    }

    @AfterContainer
    static void delete() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Property(tries = 800, seed = "11")
    void damagedConfigurations(@ForAll long seed) {
        open(mutate(config, config.length, seed), weights, null);
    }

    @Property(tries = 1500, seed = "12")
    void damagedHeaders(@ForAll long seed) {
        int header = 8 + Math.toIntExact(ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getLong());
        open(config, mutate(weights, header, seed), null);
    }

    @Property(tries = 500, seed = "13")
    void damagedIndexes(@ForAll long seed) {
        open(config, weights, mutate(index, index.length, seed));
    }

    @Property(tries = 200, seed = "14")
    void truncatedFiles(@ForAll long seed) {
        open(config, Arrays.copyOf(weights, new SplittableRandom(seed).nextInt(weights.length)), null);
    }

    /** One to four changes within the first bytes: a flipped bit, another byte, a removed range, a snippet put in. */
    private static byte[] mutate(byte[] original, int within, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = original.clone();
        for (int change = random.nextInt(1, 5); change > 0; change--) {
            int at = random.nextInt(Math.min(within, bytes.length));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes = splice(bytes, at, Math.min(bytes.length - 1, at + random.nextInt(1, 9)), new byte[0]);
                default -> bytes = splice(
                        bytes, at, at, SNIPPETS[random.nextInt(SNIPPETS.length)].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] insert) {
        byte[] result = new byte[bytes.length - (to - from) + insert.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(insert, 0, result, from, insert.length);
        System.arraycopy(bytes, to, result, from + insert.length, bytes.length - to);
        return result;
    }

    private static void open(byte[] configBytes, byte[] weightBytes, byte[] indexBytes) {
        try {
            Files.deleteIfExists(directory.resolve("model.safetensors"));
            CheckpointFiles.writeFile(directory.resolve("config.json"), configBytes);
            if (indexBytes == null) {
                CheckpointFiles.writeFile(directory.resolve("model.safetensors"), weightBytes);
            } else {
                CheckpointFiles.writeFile(directory.resolve("shard.safetensors"), weightBytes);
                CheckpointFiles.writeFile(directory.resolve("model.safetensors.index.json"), indexBytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            readAll(checkpoint);
        } catch (CheckpointException e) {
            assertThat(e.getMessage()).contains(directory.toString());
        }
    }

    private static void readAll(Checkpoint checkpoint) {
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(checkpoint.spec())) {
                WeightTensor tensor = checkpoint.weights().tensor(role, 0);
                assertThat(tensor.shape()).isEqualTo(role.shape(checkpoint.spec()));
                assertThat(tensor.data().toArray(ValueLayout.JAVA_BYTE)).hasSize((int) tensor.data().byteSize());
            }
        }
    }
}
