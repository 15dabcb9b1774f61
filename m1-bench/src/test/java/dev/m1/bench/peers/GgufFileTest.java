package dev.m1.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.m1.bench.synthetic.SyntheticCheckpoint;
import dev.m1.bench.synthetic.SyntheticShape;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads the file back by the format's description (ggml, docs/gguf.md), independently of what wrote it. */
class GgufFileTest {
    private record Tensor(List<Long> dimensions, int type, long offset) {}

    @TempDir
    Path folder;

    private final Map<String, Object> pairs = new HashMap<>();
    private final Map<String, Tensor> tensors = new HashMap<>();
    private ByteBuffer data; // from the first tensor on

    private void read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[4];
        in.get(magic);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("GGUF");
        assertThat(in.getInt()).isEqualTo(3);
        long tensorCount = in.getLong();
        long pairCount = in.getLong();
        for (long i = 0; i < pairCount; i++) {
            pairs.put(text(in), value(in, in.getInt()));
        }
        for (long i = 0; i < tensorCount; i++) {
            String name = text(in);
            List<Long> dimensions = new ArrayList<>();
            for (int d = in.getInt(); d > 0; d--) {
                dimensions.add(in.getLong());
            }
            tensors.put(name, new Tensor(dimensions, in.getInt(), in.getLong()));
        }
        in.position((in.position() + 31) / 32 * 32);
        data = in.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Math.toIntExact(in.getLong())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Object value(ByteBuffer in, int type) {
        return switch (type) {
            case 4, 5 -> in.getInt();
            case 6 -> in.getFloat();
            case 8 -> text(in);
            case 9 -> {
                int element = in.getInt();
                List<Object> all = new ArrayList<>();
                for (long n = in.getLong(); n > 0; n--) {
                    all.add(value(in, element));
                }
                yield all;
            }
            default -> throw new AssertionError("type " + type);
        };
    }

    @Test
    void weightsKeepTheirBitsAndVectorsBecomeFloats() throws IOException {
        Path model = folder.resolve("tiny");
        SyntheticCheckpoint.write(SyntheticShape.TINY, model, 1);
        GgufFile.write(model, folder.resolve("tiny.gguf"), null);
        read(folder.resolve("tiny.gguf"));
        assertThat(pairs)
                .containsEntry("general.architecture", "qwen2")
                .containsEntry("qwen2.block_count", 2)
                .containsEntry("qwen2.attention.head_count_kv", 2)
                .containsEntry("qwen2.attention.layer_norm_rms_epsilon", 1e-6f)
                .containsEntry("qwen2.rope.freq_base", 1e4f);
        assertThat((List<?>) pairs.get("tokenizer.ggml.tokens")).hasSize(2048).doesNotHaveDuplicates();
        assertThat((List<?>) pairs.get("tokenizer.ggml.token_type")).hasSize(2048);
        assertThat(((List<?>) pairs.get("tokenizer.ggml.merges")).get(0).toString())
                .matches("\\S+ \\S+");
        assertThat(tensors).hasSize(3 + 2 * 12);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            WeightTensor q = checkpoint.weights().tensor(TensorRole.Q, 1);
            Tensor stored = tensors.get("blk.1.attn_q.weight");
            assertThat(stored.dimensions()).containsExactly(64L, 64L);
            assertThat(stored.type()).isEqualTo(30); // GGML_TYPE_BF16
            for (long i = 0; i < q.elements(); i++) {
                assertThat(data.getShort(Math.toIntExact(stored.offset() + 2 * i)))
                        .isEqualTo(q.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i));
            }
            WeightTensor bias = checkpoint.weights().tensor(TensorRole.K_BIAS, 0);
            Tensor floats = tensors.get("blk.0.attn_k.bias");
            assertThat(floats.dimensions()).containsExactly(32L);
            assertThat(floats.type()).isZero();
            for (int i = 0; i < 32; i++) {
                short bits = bias.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
                assertThat(data.getFloat(Math.toIntExact(floats.offset()) + 4 * i))
                        .isEqualTo(Float.intBitsToFloat(bits << 16));
            }
        }
    }

    /** Llama's queries and keys: row i and row i + half of a head become neighbours. */
    @Test
    void rowsOfALlamaAreInterleaved() throws IOException {
        Path llama = folder.resolve("llama");
        SyntheticCheckpoint.write(SyntheticShape.TINY_LLAMA, llama, 1);
        GgufFile.write(llama, folder.resolve("llama.gguf"), null);
        read(folder.resolve("llama.gguf"));
        try (Checkpoint checkpoint = Checkpoint.open(llama)) {
            WeightTensor k = checkpoint.weights().tensor(TensorRole.K, 0); // 2 heads of 16 rows
            int offset = Math.toIntExact(tensors.get("blk.0.attn_k.weight").offset());
            int rowBytes = 64 * 2;
            int[] from = {0, 8, 1, 9, 2, 10}; // rows of head 0
            for (int row = 0; row < from.length; row++) {
                for (int head = 0; head < 2; head++) {
                    int there = offset + (16 * head + row) * rowBytes;
                    assertThat(data.getLong(there))
                            .isEqualTo(
                                    k.data().get(ValueLayout.JAVA_LONG_UNALIGNED, (16L * head + from[row]) * rowBytes));
                }
            }
        }
    }

    /** Read back by ggml's formulas: q * d for Q8_0, (q - 8) * d for Q4_0; rows change places as ever. */
    @ParameterizedTest
    @EnumSource(GgufQuant.class)
    void roundedWeightsAreNearTheStoredOnes(GgufQuant quant) throws IOException {
        Path llama = folder.resolve("llama");
        SyntheticCheckpoint.write(SyntheticShape.TINY_LLAMA, llama, 1);
        GgufFile.write(llama, folder.resolve("rounded.gguf"), quant);
        read(folder.resolve("rounded.gguf"));
        boolean bytes = quant == GgufQuant.Q8_0;
        assertThat(pairs).containsEntry("general.file_type", bytes ? 7 : 2); // LLAMA_FTYPE_MOSTLY_…
        try (Checkpoint checkpoint = Checkpoint.open(llama)) {
            WeightTensor k = checkpoint.weights().tensor(TensorRole.K, 1); // 2 heads of 16 rows, 64 columns
            Tensor stored = tensors.get("blk.1.attn_k.weight");
            assertThat(stored.type()).isEqualTo(bytes ? 8 : 2); // GGML_TYPE_…
            assertThat(tensors.get("blk.1.attn_norm.weight").type()).isZero();
            for (int i = 0; i < 32 * 64; i++) {
                int block = Math.toIntExact(stored.offset()) + i / 32 * (bytes ? 34 : 18);
                float scale = Float.float16ToFloat(data.getShort(block));
                int q = bytes
                        ? data.get(block + 2 + i % 32)
                        : (data.get(block + 2 + i % 16) >> (i % 32 < 16 ? 0 : 4) & 15) - 8;
                int row = i / 64;
                int from = row / 16 * 16 + row % 2 * 8 + row % 16 / 2;
                float weight = Float.intBitsToFloat(
                        k.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * (from * 64 + i % 64)) << 16);
                // Half a step, or a whole one for what is clipped to 7 (Q4_0); the scale's own rounding, 2^-11 of it,
                // moves 127 steps by 0.07 and 8 by 0.004.
                assertThat(q * scale).isCloseTo(weight, within(Math.abs(scale) * (bytes ? 0.57f : 1.005f)));
            }
        }
    }

    @Test
    void anotherArchitectureIsRefused() {
        Path model = Path.of("..", "m1-core", "src", "test", "resources", "models", "tiny-mistral");
        assertThatThrownBy(() -> GgufFile.write(model, folder.resolve("x.gguf"), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MistralForCausalLM");
    }
}
