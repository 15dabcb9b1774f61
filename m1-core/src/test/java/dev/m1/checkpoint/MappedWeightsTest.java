package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.CheckpointException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tensors must be in the files, and which may. */
class MappedWeightsTest {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    @TempDir
    private Path directory;

    private final CheckpointFiles files = new CheckpointFiles();

    private void assertRefused(String... parts) {
        files.write(directory);
        assertThatThrownBy(() -> Checkpoint.open(directory).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts);
    }

    private void assertOpens() {
        files.write(directory);
        Checkpoint.open(directory).close();
    }

    @Test
    void everyTensorIsNeeded() {
        for (String name : List.copyOf(files.tensors.keySet())) {
            CheckpointFiles.Entry entry = files.tensors.remove(name);
            assertRefused("tensor " + name, "is missing");
            files.tensors.put(name, entry);
        }
        assertOpens();
    }

    @Test
    void shapesMustBeThoseOfTheConfiguration() {
        files.put("model.layers.0.mlp.down_proj.weight", 6, 4);
        assertRefused("model.safetensors", "down_proj.weight", "[6, 4]", "[4, 6]");
        files.put("model.layers.0.mlp.down_proj.weight", 24);
        assertRefused("down_proj.weight", "[24]", "[4, 6]");
    }

    @Test
    void weightsOfOtherTypesAreRefused() {
        files.putAs("model.norm.weight", "F64", 8, 4);
        assertRefused("model.norm.weight", "F64", "BF16, F16 and F32");
        files.putAs("model.norm.weight", "F8_E4M3", 1, 4);
        assertRefused("model.norm.weight", "F8_E4M3");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "model.layers.0.self_attn.o_proj.bias", "model.layers.0.mlp.up_proj.bias",
        "model.layers.0.self_attn.q_norm.weight", "model.layers.1.mlp.up_proj.weight",
        "model.layers.0.mlp.up_proj.weight_scale", "model.layers.00.mlp.up_proj.weight", "lm_head.bias",
        "base_model.model.lora_A.weight", "rotary_emb.inv_freq.weight", ""
    })
    void tensorsWithoutAPlaceAreRefused(String name) {
        files.put(name, 4);
        assertRefused("model.safetensors", "tensor " + name + " has no place in a Qwen2ForCausalLM of 1 layers");
    }

    @Test
    void storedRotaryFrequenciesAreIgnored() {
        files.putAs("model.layers.0.self_attn.rotary_emb.inv_freq", "F32", 4, 1);
        files.putAs("model.rotary_emb.inv_freq", "F64", 8, 1);
        assertOpens();
    }

    @Test
    void aCopyOfTiedEmbeddingsIsIgnoredAnotherHeadIsNot() {
        CheckpointFiles.Entry embedding = files.tensors.get(EMBEDDING);
        files.tensors.put("lm_head.weight", embedding);
        assertOpens();
        byte[] changed = embedding.data().clone();
        changed[changed.length - 1]++;
        files.tensors.put("lm_head.weight", new CheckpointFiles.Entry("BF16", embedding.shape(), changed));
        assertRefused("lm_head.weight differs from " + EMBEDDING, "tie_word_embeddings is true");
        files.put("lm_head.weight", 4, 8);
        assertRefused("lm_head.weight differs");
        files.putAs("lm_head.weight", "F32", 4, 8, 4);
        assertRefused("lm_head.weight differs");
    }

    @Test
    void withoutTyingTheHeadIsNeeded() {
        files.config.put("tie_word_embeddings", false);
        assertRefused("tensor lm_head.weight with shape [8, 4] is missing");
        files.put("lm_head.weight", 8, 4);
        assertOpens();
    }

    @Test
    void anEmptyFileLacksEverything() {
        files.tensors.clear();
        assertRefused(EMBEDDING, "is missing");
        assertThat(files.tensors).isEmpty();
    }
}
