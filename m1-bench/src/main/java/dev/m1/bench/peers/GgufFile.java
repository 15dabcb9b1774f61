package dev.m1.bench.peers;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.RopeScaling;
import dev.m1.spi.TensorRole;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a Qwen2 or Llama checkpoint as a GGUF file with the same weights, or all matrices rounded, for engines that
 * read nothing else. Names and keys are those that llama.cpp's {@code src/llama-arch.cpp} looks for. Scaled RoPE is
 * refused.
 */
public final class GgufFile {
    private static final int MOSTLY_BF16 = 32; // llama.cpp's LLAMA_FTYPE_MOSTLY_BF16; informative
    private static final Map<TensorRole, String> NAMES = new EnumMap<>(Map.ofEntries(
            Map.entry(TensorRole.EMBEDDING, "token_embd.weight"),
            Map.entry(TensorRole.OUTPUT_NORM, "output_norm.weight"),
            Map.entry(TensorRole.LM_HEAD, "output.weight"),
            Map.entry(TensorRole.ATTENTION_NORM, "attn_norm.weight"),
            Map.entry(TensorRole.Q, "attn_q.weight"),
            Map.entry(TensorRole.Q_BIAS, "attn_q.bias"),
            Map.entry(TensorRole.K, "attn_k.weight"),
            Map.entry(TensorRole.K_BIAS, "attn_k.bias"),
            Map.entry(TensorRole.V, "attn_v.weight"),
            Map.entry(TensorRole.V_BIAS, "attn_v.bias"),
            Map.entry(TensorRole.O, "attn_output.weight"),
            Map.entry(TensorRole.MLP_NORM, "ffn_norm.weight"),
            Map.entry(TensorRole.GATE, "ffn_gate.weight"),
            Map.entry(TensorRole.UP, "ffn_up.weight"),
            Map.entry(TensorRole.DOWN, "ffn_down.weight")));

    private GgufFile() {}

    /** {@code MODEL_DIRECTORY FILE [Q8_0|Q4_0]}: writes one. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2 || args.length > 3) {
            throw new IllegalArgumentException("arguments: MODEL_DIRECTORY FILE [Q8_0|Q4_0]");
        }
        write(Path.of(args[0]), Path.of(args[1]), args.length == 2 ? null : GgufQuant.valueOf(args[2]));
    }

    /** Writes {@code file} from the checkpoint in {@code directory}; {@code quant} null keeps its weights' bits. */
    static void write(Path directory, Path file, GgufQuant quant) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory);
                FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ModelSpec spec = checkpoint.spec();
            List<GgufTensor> tensors = tensors(checkpoint, architecture(spec).equals("llama"), quant);
            GgufOutput out = new GgufOutput();
            describe(out, spec, quant == null ? MOSTLY_BF16 : quant.fileType());
            vocabulary(
                    out,
                    spec,
                    GgufVocabulary.read(directory.resolve("tokenizer.json"), spec.vocabSize()),
                    checkpoint.generation().eosIds());
            tensors.forEach(t -> out.tensor(t.name(), t.shape(), t.type(), t.bytes()));
            channel.write(ByteBuffer.wrap(out.header()));
            for (GgufTensor tensor : tensors) {
                tensor.write(channel);
            }
        }
    }

    private static String architecture(ModelSpec spec) {
        return switch (spec.architecture()) {
            case "Qwen2ForCausalLM" -> "qwen2";
            case "LlamaForCausalLM" -> "llama";
            default -> throw new IllegalArgumentException("no GGUF of a " + spec.architecture() + " is written here");
        };
    }

    private static void describe(GgufOutput out, ModelSpec spec, int fileType) {
        if (!(spec.rope().scaling() instanceof RopeScaling.None)) {
            throw new IllegalArgumentException("no GGUF with scaled RoPE is written here: " + spec.rope());
        }
        String a = architecture(spec);
        out.put("general.architecture", a)
                .put("general.name", "benchmark")
                .put("general.alignment", GgufOutput.ALIGNMENT)
                .put("general.file_type", fileType)
                .put(a + ".block_count", spec.layers())
                .put(a + ".context_length", spec.contextLength())
                .put(a + ".embedding_length", spec.hiddenSize())
                .put(a + ".feed_forward_length", spec.intermediateSize())
                .put(a + ".attention.head_count", spec.heads())
                .put(a + ".attention.head_count_kv", spec.kvHeads())
                .put(a + ".attention.layer_norm_rms_epsilon", spec.rmsNormEps())
                .put(a + ".rope.dimension_count", spec.headDim())
                .put(a + ".rope.freq_base", (float) spec.rope().theta())
                .put(a + ".vocab_size", spec.vocabSize());
    }

    private static void vocabulary(GgufOutput out, ModelSpec spec, GgufVocabulary vocabulary, int[] eosIds) {
        out.put("tokenizer.ggml.model", "gpt2")
                .put("tokenizer.ggml.pre", architecture(spec).equals("llama") ? "llama-bpe" : "qwen2")
                .putStrings("tokenizer.ggml.tokens", vocabulary.tokens())
                .putInts("tokenizer.ggml.token_type", vocabulary.types())
                .putStrings("tokenizer.ggml.merges", vocabulary.merges())
                .put("tokenizer.ggml.eos_token_id", eosIds[0])
                .put("tokenizer.ggml.bos_token_id", eosIds[0]);
    }

    private static List<GgufTensor> tensors(Checkpoint checkpoint, boolean paired, GgufQuant quant) {
        ModelSpec spec = checkpoint.spec();
        List<GgufTensor> all = new ArrayList<>();
        for (TensorRole role : TensorRole.values()) {
            if (!role.presentIn(spec)) {
                continue;
            }
            String name = NAMES.get(role);
            if (name == null) {
                throw new IllegalArgumentException("no GGUF with a tensor " + role + " is written here");
            }
            int heads = !paired ? 0 : role == TensorRole.Q ? spec.heads() : role == TensorRole.K ? spec.kvHeads() : 0;
            for (int layer = 0; layer < (role.perLayer() ? spec.layers() : 1); layer++) {
                String prefix = role.perLayer() ? "blk." + layer + "." : "";
                all.add(new GgufTensor(prefix + name, checkpoint.weights().tensor(role, layer), heads, quant));
            }
        }
        return all;
    }
}
