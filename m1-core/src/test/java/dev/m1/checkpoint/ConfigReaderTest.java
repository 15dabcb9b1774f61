package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.RopeScaling;
import dev.m1.spi.RopeSpec;
import dev.m1.testing.SharedData;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
    private static final Path FILE = Path.of("config.json");
    private static final RopeScaling PLAIN = new RopeScaling.None();

    private static ModelSpec read(ObjectNode config) {
        return ConfigReader.read(new ConfigFields(FILE, config));
    }

    /** A Qwen2 configuration with fields replaced by those of a JSON object. */
    private static ObjectNode with(String changes) {
        return merge(new CheckpointFiles().config, changes);
    }

    private static ObjectNode as(String className, String modelType, String changes) {
        ObjectNode config = new CheckpointFiles().config;
        config.putArray("architectures").add(className);
        return merge(config.put("model_type", modelType), changes);
    }

    private static ObjectNode merge(ObjectNode config, String changes) {
        try {
            return config.setAll((ObjectNode) CheckpointFiles.JSON.readTree(changes));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(changes, e);
        }
    }

    @Test
    void qwen25OfSevenBillion() {
        ModelSpec spec = readShared("qwen2.5-7b-instruct");
        assertThat(spec).isEqualTo(new ModelSpec(
                "Qwen2ForCausalLM", 152064, 3584, 18944, 28, 28, 4, 128, 1e-6f, true, false, false, false, false,
                new RopeSpec(1_000_000, PLAIN), 32768));
        assertThat(spec.parameters()).isEqualTo(7_615_616_512L); // the number on its model card: 7.61 B
    }

    @Test
    void qwen3OfFourBillion() {
        assertThat(readShared("qwen3-4b")).isEqualTo(new ModelSpec(
                "Qwen3ForCausalLM", 151936, 2560, 9728, 36, 32, 8, 128, 1e-6f, false, false, false, true, true,
                new RopeSpec(1_000_000, PLAIN), 40960));
    }

    @Test
    void llama32OfThreeBillion() {
        assertThat(readShared("llama3.2-3b")).isEqualTo(new ModelSpec(
                "LlamaForCausalLM", 128256, 3072, 8192, 28, 24, 8, 128, 1e-5f, false, false, false, false, true,
                new RopeSpec(500_000, new RopeScaling.Llama3(32, 1, 4, 8192)), 131072));
    }

    private static ModelSpec readShared(String name) {
        Path file = SharedData.require("data/tokenizers/" + name + "/config.json");
        return ConfigReader.read(new ConfigFields(file, JsonFiles.readObject(file)));
    }

    @Test
    void biasesOfEachArchitecture() {
        ModelSpec qwen2 = read(with("{\"attention_bias\": false}")); // not a field of Qwen2
        assertThat(qwen2.qkvBias()).isTrue();
        assertThat(qwen2.outputBias()).isFalse();
        ModelSpec qwen3 = read(as("Qwen3ForCausalLM", "qwen3", "{\"attention_bias\": true, \"head_dim\": 6}"));
        assertThat(qwen3.qkvBias()).isTrue();
        assertThat(qwen3.outputBias()).isTrue();
        assertThat(qwen3.qkNorm()).isTrue();
        assertThat(qwen3.headDim()).isEqualTo(6);
        ModelSpec llama = read(as("LlamaForCausalLM", "llama", "{\"attention_bias\": true, \"mlp_bias\": true}"));
        assertThat(llama.qkvBias() && llama.outputBias() && llama.mlpBias()).isTrue();
        ModelSpec plain = read(as("LlamaForCausalLM", "llama", "{}"));
        assertThat(plain.qkvBias() || plain.outputBias() || plain.mlpBias() || plain.qkNorm()).isFalse();
        ModelSpec mistral = read(as("MistralForCausalLM", "mistral", "{\"sliding_window\": null, \"head_dim\": 8}"));
        assertThat(mistral.qkvBias() || mistral.outputBias() || mistral.mlpBias()).isFalse();
        assertThat(mistral.headDim()).isEqualTo(8);
    }

    @Test
    void defaults() {
        ObjectNode config = with("{}");
        config.remove("rope_theta");
        config.remove("tie_word_embeddings");
        config.remove("hidden_act");
        config.remove("model_type");
        ModelSpec spec = read(config);
        assertThat(spec.rope().theta()).isEqualTo(10_000);
        assertThat(spec.tiedEmbeddings()).isFalse();
        assertThat(spec.headDim()).isEqualTo(2);
    }

    @Test
    void oldLlamaConfigurationsHaveNoKeyValueHeads() {
        ObjectNode config = as("LlamaForCausalLM", "llama", "{\"pretraining_tp\": 2}");
        config.remove("num_key_value_heads");
        assertThat(read(config).kvHeads()).isEqualTo(2);
        assertThat(read(with("{\"num_key_value_heads\": null}")).kvHeads()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "architectures", "num_hidden_layers", "hidden_size", "num_attention_heads", "num_key_value_heads", "vocab_size",
        "intermediate_size", "max_position_embeddings", "rms_norm_eps"
    })
    void missingFieldsAreNamed(String field) {
        ObjectNode config = with("{}");
        config.remove(field);
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(field);
    }

    @Test
    void qwen3NeedsItsHeadWidth() {
        assertThatThrownBy(() -> read(as("Qwen3ForCausalLM", "qwen3", "{}")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("head_dim is missing");
    }

    /** Changes to a Qwen2 configuration, and the field and value that the message must name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"architectures": ["Qwen2MoeForCausalLM"]}       | architectures    | Qwen2MoeForCausalLM
            {"architectures": ["GPT2LMHeadModel"]}           | architectures    | GPT2LMHeadModel
            {"architectures": []}                            | architectures    | []
            {"architectures": "Qwen2ForCausalLM"}            | architectures    | Qwen2ForCausalLM
            {"architectures": [3]}                           | architectures    | [3]
            {"model_type": "qwen2_moe"}                      | model_type       | qwen2_moe
            {"hidden_act": "gelu"}                           | hidden_act       | gelu
            {"hidden_act": 3}                                | hidden_act       | 3
            {"hidden_size": 0}                               | hidden_size      | 0
            {"hidden_size": -4}                              | hidden_size      | -4
            {"hidden_size": 4.0}                             | hidden_size      | 4.0
            {"hidden_size": "4"}                             | hidden_size      | "4"
            {"hidden_size": true}                            | hidden_size      | true
            {"hidden_size": null}                            | hidden_size      | null
            {"hidden_size": 2147483648}                      | hidden_size      | 2147483648
            {"hidden_size": 99999999999999999999999}         | hidden_size      | 99999999999999999999999
            {"hidden_size": 5}                               | hidden_size 5    | 2
            {"vocab_size": 0}                                | vocab_size       | 0
            {"vocab_size": 4194304, "hidden_size": 32768, "head_dim": 2} | vocab_size | 137438953472
            {"intermediate_size": 4194304, "hidden_size": 4096, "head_dim": 2} | intermediate_size | 17179869184
            {"num_hidden_layers": 0}                         | num_hidden_layers | 0
            {"num_hidden_layers": 1000000000}                | num_hidden_layers | 1000000000
            {"num_attention_heads": 3, "head_dim": 2, "num_key_value_heads": 2} | num_key_value_heads | 2
            {"num_key_value_heads": 0}                       | num_key_value_heads | 0
            {"num_key_value_heads": 4}                       | num_key_value_heads | 4
            {"head_dim": 3}                                  | head_dim         | 3
            {"head_dim": 0}                                  | head_dim         | 0
            {"head_dim": 65536}                              | head_dim         | 65536
            {"num_attention_heads": 4}                       | hidden_size      | 1
            {"max_position_embeddings": 0}                   | max_position_embeddings | 0
            {"rms_norm_eps": 0}                              | rms_norm_eps     | 0
            {"rms_norm_eps": -1e-6}                          | rms_norm_eps     | -1.0E-6
            {"rms_norm_eps": 1e-60}                          | rms_norm_eps     | 1.0E-60
            {"rms_norm_eps": 1e999}                          | rms_norm_eps     | Infinity
            {"rms_norm_eps": "1e-6"}                         | rms_norm_eps     | 1e-6
            {"tie_word_embeddings": "yes"}                   | tie_word_embeddings | yes
            {"rope_theta": 0}                                | rope_theta       | 0
            {"rope_theta": -10000.0}                         | rope_theta       | -10000.0
            {"rope_theta": [1]}                              | rope_theta       | [1]
            {"num_experts": 60}                              | num_experts      | 60
            {"num_local_experts": 8}                         | num_local_experts | 8
            {"quantization_config": {"quant_method": "awq"}} | quantization_config | awq
            {"partial_rotary_factor": 0.5}                   | partial_rotary_factor | 0.5
            {"attn_logit_softcapping": 50.0}                 | attn_logit_softcapping | 50.0
            {"final_logit_softcapping": 30.0}                | final_logit_softcapping | 30.0
            {"layer_types": ["sliding_attention"]}           | layer_types      | sliding_attention
            {"layer_types": ["full_attention", "full_attention"]} | layer_types | num_hidden_layers 1
            {"layer_types": "full_attention"}                | layer_types      | full_attention
            {"use_sliding_window": true, "max_window_layers": 0} | use_sliding_window | 0 … 0
            {"use_sliding_window": 1}                        | use_sliding_window | 1
            """)
    void refusesAndNamesFieldAndValue(String changes, String field, String value) {
        assertThatThrownBy(() -> read(with(changes)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(field)
                .hasMessageContaining(value);
    }

    @Test
    void slidingWindowsThatReachNoLayerAreFine() {
        read(with("{\"use_sliding_window\": false, \"sliding_window\": 4, \"max_window_layers\": 0}"));
        read(with("{\"use_sliding_window\": true, \"sliding_window\": null, \"max_window_layers\": 0}"));
        read(with("{\"use_sliding_window\": true, \"sliding_window\": 4, \"max_window_layers\": 1}"));
        read(with("{\"use_sliding_window\": true, \"max_window_layers\": 0, \"layer_types\": [\"full_attention\"]}"));
    }

    @Test
    void slidingWindowsOfMistralAndLlama() {
        assertThatThrownBy(() -> read(as("MistralForCausalLM", "mistral", "{\"sliding_window\": 4096}")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("sliding_window")
                .hasMessageContaining("4096");
        assertThatThrownBy(() -> read(as("MistralForCausalLM", "mistral", "{}")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("sliding_window")
                .hasMessageContaining("absent");
        assertThatThrownBy(() -> read(as("LlamaForCausalLM", "llama", "{\"sliding_window\": 64}")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("64");
    }

    @Test
    void harmlessMentionsOfUnsupportedThingsAreFine() {
        read(with("{\"num_experts\": null, \"num_local_experts\": 0, \"quantization_config\": null,"
                + " \"partial_rotary_factor\": 1.0, \"attn_logit_softcapping\": null, \"rope_scaling\": null}"));
    }
}
