package dev.m1.bench.synthetic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes a checkpoint directory of random bfloat16 weights: {@code config.json}, {@code generation_config.json}, a
 * tokenizer, and one {@code model.safetensors}, streamed through a buffer of 1 MB. The same shape and seed give the
 * same bytes.
 */
public final class SyntheticCheckpoint {
    /** The seed of cached checkpoints. */
    public static final long SEED = 1;

    private static final int BUFFER = 1 << 20;
    private static final int HEADER_ALIGNMENT = 8;
    private static final int CONTEXT = 32_768;

    private SyntheticCheckpoint() {}

    /** {@code SHAPE DIR [SEED]}: writes one. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2 || args.length > 3) {
            throw new IllegalArgumentException("arguments: SHAPE DIR [SEED]");
        }
        write(SyntheticShape.of(args[0]), Path.of(args[1]), args.length == 3 ? Long.parseLong(args[2]) : SEED);
    }

    /** Writes into a directory, made if need be; files of the same names are replaced. */
    public static void write(SyntheticShape shape, Path directory, long seed) throws IOException {
        Files.createDirectories(directory);
        SyntheticTokenizer tokenizer = new SyntheticTokenizer(shape);
        ObjectMapper mapper = new ObjectMapper();
        mapper.writeValue(directory.resolve("config.json").toFile(), config(mapper, shape, tokenizer));
        mapper.writeValue(
                directory.resolve("generation_config.json").toFile(),
                mapper.createObjectNode().put("eos_token_id", tokenizer.eos()).put("do_sample", false));
        tokenizer.write(directory);
        weights(mapper, SyntheticTensor.of(shape), directory.resolve("model.safetensors"), seed);
    }

    private static ObjectNode config(ObjectMapper mapper, SyntheticShape s, SyntheticTokenizer tokenizer) {
        ObjectNode config = mapper.createObjectNode();
        config.putArray("architectures").add(s.family.architecture);
        return config.put("model_type", s.family.modelType)
                .put("hidden_size", s.hidden)
                .put("num_hidden_layers", s.layers)
                .put("num_attention_heads", s.heads)
                .put("num_key_value_heads", s.kvHeads)
                .put("head_dim", s.headDim())
                .put("intermediate_size", s.intermediate)
                .put("vocab_size", s.vocab)
                .put("tie_word_embeddings", s.tied)
                .put("hidden_act", "silu")
                .put("rms_norm_eps", 1e-6)
                .put("rope_theta", s.ropeTheta)
                .put("max_position_embeddings", CONTEXT)
                .put("use_sliding_window", false)
                .put("bos_token_id", s.firstSpecial())
                .put("eos_token_id", tokenizer.eos())
                .put("torch_dtype", "bfloat16");
    }

    private static void weights(ObjectMapper mapper, List<SyntheticTensor> tensors, Path file, long seed)
            throws IOException {
        ObjectNode header = mapper.createObjectNode();
        header.putObject("__metadata__").put("format", "pt");
        long offset = 0;
        for (SyntheticTensor tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name()).put("dtype", "BF16");
            tensor.shape().forEach(entry.withArray("shape")::add);
            long end = offset + Short.BYTES * tensor.elements();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        String json = mapper.writeValueAsString(header);
        int padding = Math.floorMod(-json.length(), HEADER_ALIGNMENT); // names are ASCII
        byte[] text = (json + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        Map<Double, Bf16Normals> normals = new HashMap<>(); // by standard deviation, which here tells the mean too
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
            drain(channel, buffer.putLong(text.length));
            drain(channel, ByteBuffer.allocate(text.length).put(text));
            SplittableRandom seeds = new SplittableRandom(seed);
            for (SyntheticTensor tensor : tensors) {
                Bf16Normals values = normals.computeIfAbsent(
                        tensor.deviation(), d -> new Bf16Normals(tensor.mean(), tensor.deviation()));
                draw(channel, buffer, values, seeds.split(), Short.BYTES * tensor.elements());
            }
        }
    }

    private static void draw(
            FileChannel channel, ByteBuffer buffer, Bf16Normals values, SplittableRandom random, long bytes)
            throws IOException {
        for (long left = bytes; left > 0; ) {
            buffer.clear().limit((int) Math.min(left, BUFFER));
            left -= buffer.limit();
            values.fill(random, buffer);
            drain(channel, buffer);
        }
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
