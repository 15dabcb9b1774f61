package dev.m1.bench.synthetic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A byte-level BPE tokenizer for a synthetic checkpoint: the 256 bytes, merges trained on a list of common English
 * words, fillers up to the vocabulary's size, and control tokens where the published tokenizer has its own. Every text
 * can be encoded; fillers are never produced by encoding but decode to something when a random model picks them.
 */
final class SyntheticTokenizer {
    /** Ids kept for control tokens at the end of a vocabulary too small for the published ids. */
    static final int SPECIAL_ROOM = 32;

    private static final List<String> CHATML = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final List<String> LLAMA3 = List.of(
            "<|begin_of_text|>",
            "<|end_of_text|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|python_tag|>",
            "<|im_start|>",
            "<|im_end|>");
    private static final String PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final String TEMPLATE = "{%- for message in messages %}"
            + "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
            + "{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

    private final SyntheticShape shape;
    private final Map<String, Integer> vocabulary = new LinkedHashMap<>(); // without control tokens
    private final List<BpeTraining.Merge> merges;

    SyntheticTokenizer(SyntheticShape shape) {
        this.shape = shape;
        for (int b = 0; b < 256; b++) {
            add(symbol(b));
        }
        List<List<String>> words = new ArrayList<>();
        for (String word : SyntheticText.WORDS) {
            words.add(symbols(word));
            words.add(symbols(" " + word));
        }
        merges = BpeTraining.merges(words, shape.firstSpecial() - vocabulary.size());
        merges.forEach(merge -> add(merge.left() + merge.right()));
        while (vocabulary.size() < shape.firstSpecial()) {
            add("filler" + vocabulary.size());
        }
    }

    private void add(String token) {
        vocabulary.putIfAbsent(token, vocabulary.size());
    }

    private static List<String> symbols(String ascii) {
        return ascii.chars().mapToObj(SyntheticTokenizer::symbol).toList();
    }

    /** GPT-2's printable stand-in for a byte: itself if it is visible, else one from U+0100 on. */
    private static String symbol(int b) {
        if (visible(b)) {
            return String.valueOf((char) b);
        }
        int hidden = 0;
        for (int i = 0; i < b; i++) {
            hidden += visible(i) ? 0 : 1;
        }
        return String.valueOf((char) (256 + hidden));
    }

    private static boolean visible(int b) {
        return b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xff && b != 0xad;
    }

    private List<String> specials() {
        return shape.family == SyntheticShape.Family.LLAMA ? LLAMA3 : CHATML;
    }

    /** Id of a control token. */
    int special(String content) {
        return shape.firstSpecial() + specials().indexOf(content);
    }

    /** The id generation stops at. */
    int eos() {
        return special("<|im_end|>");
    }

    /** Writes {@code tokenizer.json} and {@code tokenizer_config.json}. */
    void write(Path directory) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        mapper.writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer(mapper));
        mapper.writeValue(directory.resolve("tokenizer_config.json").toFile(), config(mapper));
    }

    private ObjectNode tokenizer(ObjectMapper mapper) {
        ObjectNode root = mapper.createObjectNode()
                .put("version", "1.0")
                .putNull("truncation")
                .putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (String content : specials()) {
            added.add(flags(mapper.createObjectNode().put("id", special(content)), content));
        }
        root.putObject("normalizer").put("type", "NFC");
        ArrayNode steps =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", PATTERN);
        split.put("behavior", "Isolated").put("invert", false);
        byteLevel(steps.addObject());
        byteLevel(root.putObject("post_processor"));
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .putNull("dropout")
                .putNull("unk_token")
                .putNull("continuing_subword_prefix")
                .putNull("end_of_word_suffix")
                .put("fuse_unk", false)
                .put("byte_fallback", false)
                .put("ignore_merges", false);
        ObjectNode ids = model.putObject("vocab");
        vocabulary.forEach(ids::put);
        ArrayNode pairs = model.putArray("merges");
        for (BpeTraining.Merge merge : merges) {
            pairs.addArray().add(merge.left()).add(merge.right());
        }
        return root;
    }

    private static ObjectNode flags(ObjectNode node, String content) {
        return node.put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private ObjectNode config(ObjectMapper mapper) {
        ObjectNode root = mapper.createObjectNode()
                .put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("eos_token", "<|im_end|>")
                .put("chat_template", TEMPLATE)
                .put("clean_up_tokenization_spaces", false);
        ObjectNode added = root.putObject("added_tokens_decoder");
        for (String content : specials()) {
            flags(added.putObject(Integer.toString(special(content))), content);
        }
        return root;
    }
}
