package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.RopeScaling;
import dev.m1.spi.RopeSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import dev.m1.testing.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fixture models, against what safetensors and transformers read from them
 * ({@code checkpoint/make_tensor_goldens.py}).
 */
class CheckpointFixturesTest {
    private static final RopeScaling PLAIN = new RopeScaling.None();

    @Test
    void specs() {
        assertThat(spec("tiny-qwen2")).isEqualTo(new ModelSpec(
                "Qwen2ForCausalLM", 1984, 64, 160, 3, 4, 2, 16, 1e-6f, true, false, false, false, false,
                new RopeSpec(1e6, PLAIN), 1024));
        assertThat(spec("tiny-qwen2-bf16")).isEqualTo(spec("tiny-qwen2"));
        assertThat(spec("tiny-qwen3")).isEqualTo(new ModelSpec(
                "Qwen3ForCausalLM", 1984, 64, 144, 3, 4, 2, 24, 1e-6f, false, false, false, true, true,
                new RopeSpec(1e6, PLAIN), 1024));
        assertThat(spec("tiny-llama3")).isEqualTo(new ModelSpec(
                "LlamaForCausalLM", 1984, 64, 128, 2, 4, 1, 16, 1e-5f, false, false, false, false, true,
                new RopeSpec(5e5, new RopeScaling.Llama3(32, 1, 4, 128)), 2048));
        assertThat(spec("tiny-linear")).isEqualTo(new ModelSpec(
                "LlamaForCausalLM", 256, 48, 72, 2, 4, 4, 12, 1e-5f, true, true, true, false, false,
                new RopeSpec(1e4, new RopeScaling.Linear(2)), 512));
        assertThat(spec("tiny-mistral")).isEqualTo(new ModelSpec(
                "MistralForCausalLM", 256, 48, 96, 2, 4, 2, 20, 1e-5f, false, false, false, false, false,
                new RopeSpec(1e6, PLAIN), 512));
        assertThat(spec("tiny-group")).isEqualTo(new ModelSpec(
                "LlamaForCausalLM", 256, 56, 80, 2, 14, 2, 8, 1e-5f, false, false, false, false, false,
                new RopeSpec(1e4, PLAIN), 512));
        double attentionFactor = 0.1 * Math.log(4) + 1;
        assertThat(spec("tiny-yarn")).isEqualTo(new ModelSpec(
                "Qwen2ForCausalLM", 256, 48, 80, 2, 3, 1, 16, 1e-6f, true, false, false, false, true,
                new RopeSpec(1e4, new RopeScaling.Yarn(4, 64, 32, 1, attentionFactor, true)), 256));
    }

    private static ModelSpec spec(String model) {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.model(model))) {
            return checkpoint.spec();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "tiny-qwen2",
        "tiny-qwen2-bf16",
        "tiny-qwen3",
        "tiny-llama3",
        "tiny-linear",
        "tiny-mistral",
        "tiny-group",
        "tiny-yarn"
    })
    void everyTensorReadsAsInPython(String model) throws IOException {
        JsonNode golden;
        try (InputStream in = CheckpointFixturesTest.class.getResourceAsStream("/checkpoint/tensor_goldens.json")) {
            golden = CheckpointFiles.JSON.readTree(in).get("models").get(model);
        }
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.model(model))) {
            ModelSpec spec = checkpoint.spec();
            assertThat(spec.headDim()).isEqualTo(golden.get("head_dim").asInt());
            assertThat(spec.parameters()).isEqualTo(golden.get("parameters").asLong());
            Map<String, WeightTensor> ours = tensors(checkpoint);
            assertThat(ours).hasSize(golden.get("tensors").size());
            long bytes = 0;
            for (Map.Entry<String, JsonNode> entry : golden.get("tensors").properties()) {
                WeightTensor tensor = ours.get(entry.getKey());
                JsonNode expected = entry.getValue();
                assertThat(tensor).as(entry.getKey()).isNotNull();
                assertThat(tensor.dtype()).isEqualTo(dtype(expected.get("dtype").asText()));
                assertThat(tensor.shape()).isEqualTo(
                        expected.get("shape").valueStream().map(JsonNode::asInt).toList());
                long n = tensor.elements();
                assertThat(List.of(value(tensor, 0), value(tensor, n / 2), value(tensor, n - 1)))
                        .as(entry.getKey())
                        .isEqualTo(List.of(
                                expected.get("first").floatValue(),
                                expected.get("middle").floatValue(),
                                expected.get("last").floatValue()));
                bytes += tensor.data().byteSize();
            }
            assertThat(checkpoint.weights().totalBytes()).isEqualTo(bytes);
            assertThat(checkpoint.fileBytes()).isGreaterThan(bytes);
        }
    }

    private static Map<String, WeightTensor> tensors(Checkpoint checkpoint) {
        Map<String, WeightTensor> tensors = new HashMap<>();
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(checkpoint.spec())) {
                for (int layer = 0; layer < (role.perLayer() ? checkpoint.spec().layers() : 1); layer++) {
                    WeightTensor tensor = checkpoint.weights().tensor(role, layer);
                    assertThat(tensors.put(tensor.name(), tensor)).isNull();
                }
            }
        }
        return tensors;
    }

    private static DType dtype(String torchName) {
        return switch (torchName) {
            case "float32" -> DType.F32;
            case "float16" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            default -> throw new AssertionError(torchName);
        };
    }

    private static float value(WeightTensor tensor, long index) {
        ValueLayout.OfShort shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        ValueLayout.OfFloat floats = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        return switch (tensor.dtype()) {
            case F32 -> tensor.data().get(floats, 4 * index);
            case F16 -> Float.float16ToFloat(tensor.data().get(shorts, 2 * index));
            case BF16 -> Float.intBitsToFloat(tensor.data().get(shorts, 2 * index) << 16);
        };
    }

    @Test
    void endsOfTheFixtures() {
        try (Checkpoint checkpoint = Checkpoint.open(Fixtures.model("tiny-qwen2"))) {
            assertThat(checkpoint.generation().eosIds()).containsExactly(1902, 1900);
            assertThat(checkpoint.generation().doSample()).isTrue();
            assertThat(checkpoint.generation().topK()).isEqualTo(20);
        }
    }
}
