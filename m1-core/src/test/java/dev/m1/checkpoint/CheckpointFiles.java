package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A Qwen2 checkpoint of a few hundred bytes, to be changed and written by tests. */
final class CheckpointFiles {
    static final ObjectMapper JSON = new ObjectMapper();

    /** A tensor's type as the header names it, its shape and its bytes. */
    record Entry(String type, int[] shape, byte[] data) {}

    final ObjectNode config = JSON.createObjectNode();
    final Map<String, Entry> tensors = new LinkedHashMap<>();

    /** One layer, hidden 4, 2 query heads on 1 key/value head of width 2, MLP 6, 8 tokens, tied, BF16. */
    CheckpointFiles() {
        config.putArray("architectures").add("Qwen2ForCausalLM");
        config.put("model_type", "qwen2").put("hidden_act", "silu").put("hidden_size", 4).put("intermediate_size", 6)
                .put("num_hidden_layers", 1).put("num_attention_heads", 2).put("num_key_value_heads", 1)
                .put("vocab_size", 8).put("max_position_embeddings", 32).put("rms_norm_eps", 1e-6)
                .put("rope_theta", 10000.0).put("tie_word_embeddings", true).put("eos_token_id", 7);
        String layer = "model.layers.0.";
        put("model.embed_tokens.weight", 8, 4);
        put("model.norm.weight", 4);
        put(layer + "input_layernorm.weight", 4);
        put(layer + "self_attn.q_proj.weight", 4, 4);
        put(layer + "self_attn.q_proj.bias", 4);
        put(layer + "self_attn.k_proj.weight", 2, 4);
        put(layer + "self_attn.k_proj.bias", 2);
        put(layer + "self_attn.v_proj.weight", 2, 4);
        put(layer + "self_attn.v_proj.bias", 2);
        put(layer + "self_attn.o_proj.weight", 4, 4);
        put(layer + "post_attention_layernorm.weight", 4);
        put(layer + "mlp.gate_proj.weight", 6, 4);
        put(layer + "mlp.up_proj.weight", 6, 4);
        put(layer + "mlp.down_proj.weight", 4, 6);
    }

    CheckpointFiles put(String name, int... shape) {
        return putAs(name, "BF16", 2, shape);
    }

    /** Adds or replaces a tensor whose bytes depend on its name. */
    CheckpointFiles putAs(String name, String type, int bytes, int... shape) {
        byte[] data = new byte[Arrays.stream(shape).reduce(bytes, (a, b) -> a * b)];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (name.hashCode() + i);
        }
        tensors.put(name, new Entry(type, shape, data));
        return this;
    }

    /** Writes {@code config.json} and {@code model.safetensors}. */
    Path write(Path directory) {
        writeConfig(directory);
        writeFile(directory.resolve("model.safetensors"), safetensors(tensors));
        return directory;
    }

    Path writeConfig(Path directory) {
        writeFile(directory.resolve("config.json"), config.toString().getBytes(StandardCharsets.UTF_8));
        return directory;
    }

    static byte[] safetensors(Map<String, Entry> tensors) {
        ObjectNode header = JSON.createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        tensors.forEach((name, entry) -> {
            ObjectNode node = header.putObject(name).put("dtype", entry.type());
            node.set("shape", JSON.valueToTree(entry.shape()));
            node.putArray("data_offsets").add(data.size()).add(data.size() + entry.data().length);
            data.writeBytes(entry.data());
        });
        return safetensors(header.toString(), data.toByteArray());
    }

    static byte[] safetensors(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(data).array();
    }

    static void writeFile(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void writeFile(Path file, String content) {
        writeFile(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
