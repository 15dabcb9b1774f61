package dev.m1.tokenizer;

import dev.m1.errors.TokenizerException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The tokenizer of a checkpoint, with the ids of HF {@code tokenizers} (0.23) for the same tokenizer.json. Immutable;
 * threads may share it.
 *
 * <p><b>Control tokens.</b> {@link #encode(String)} reads the text of an added token ({@code <|im_end|>}) as that
 * token, wherever it comes from. Text of users belongs in {@link #encodeLiteral} or in a literal {@link TextSpan}.
 * There every added token is a control token, those that are not {@code special} too (Qwen3's {@code <think>}): its
 * text stays text. Only added tokens of plain white space, which some vocabularies have for indentation, may still
 * come out of BPE. The unknown token may come out, where a vocabulary cannot spell a character.
 *
 * <p><b>Text.</b> Any string can be encoded. A surrogate without its partner, which no UTF-8 can hold, is read as
 * U+FFFD. A text of more than 16,777,216 UTF-16 units is refused with an IllegalArgumentException.
 *
 * <p>{@code truncation} and {@code padding} of the file are ignored, as transformers ignores them unless asked.
 */
public final class Tokenizer {
    // UTF-16 units: several times any context; merging a single word of it takes 2 GB
    private static final int MAX_LENGTH = 1 << 24;

    private final Vocabulary vocabulary;
    private final AddedTokens added;
    private final Encoder encoder;
    private final PostProcessor postProcessor;
    private final List<DecodeStep> decoder;
    private final String[] forms; // [vocabSize]: what the decoder gets for an id, or null for nothing

    Tokenizer(Vocabulary vocabulary, AddedTokens added, Encoder encoder, PostProcessor postProcessor,
            List<DecodeStep> decoder) {
        this.vocabulary = vocabulary;
        this.added = added;
        this.encoder = encoder;
        this.postProcessor = postProcessor;
        this.decoder = decoder;
        forms = new String[Math.max(vocabulary.end(), added.end())];
        for (int id = 0; id < forms.length; id++) {
            String form = added.form(id);
            forms[id] = form != null ? form : vocabulary.token(id);
        }
    }

    /**
     * Loads a tokenizer.json.
     *
     * @param dirOrFile the file, or a checkpoint directory that holds one
     * @throws TokenizerException if it cannot be read, is malformed, or asks for something that is not supported; the
     *     message names the file and the field
     */
    public static Tokenizer load(Path dirOrFile) {
        return TokenizerReader.read(dirOrFile);
    }

    /**
     * The ids of a text; added tokens in it are parsed, no ids are put around it (HF:
     * {@code add_special_tokens=False}).
     */
    public int[] encode(String text) {
        return encoder.encode(checked(text));
    }

    /**
     * As {@link #encode(String)}; with {@code addSpecialTokens} the post-processor puts its ids (such as BOS) around
     * them.
     */
    public int[] encode(String text, boolean addSpecialTokens) {
        int[] ids = encode(text);
        return addSpecialTokens ? postProcessor.apply(ids) : ids;
    }

    /** The ids of a text in which nothing is a control token. */
    public int[] encodeLiteral(String text) {
        return encoder.encodeLiteral(checked(text));
    }

    /**
     * The ids of the spans' texts put together, split and merged as one text, borders or not; but no added token is
     * found in a place that touches a literal span.
     */
    public int[] encode(List<TextSpan> spans) {
        StringBuilder text = new StringBuilder();
        boolean anyLiteral = false;
        boolean anyControl = false;
        for (TextSpan span : spans) {
            if (span.text().length() > MAX_LENGTH - text.length()) {
                throw new IllegalArgumentException("the spans have more than " + MAX_LENGTH + " characters");
            }
            text.append(span.text());
            anyLiteral |= span.literal() && !span.text().isEmpty();
            anyControl |= !span.literal() && !span.text().isEmpty();
        }
        if (!anyLiteral) {
            return encode(text.toString());
        }
        if (!anyControl) {
            return encodeLiteral(text.toString());
        }
        boolean[] literal = new boolean[text.length()];
        int at = 0;
        for (TextSpan span : spans) {
            int end = at + span.text().length();
            Arrays.fill(literal, at, end, span.literal());
            at = end;
        }
        return encoder.encode(text.toString(), literal);
    }

    /** The text of ids (HF: {@code skip_special_tokens=False}); see {@link #decode(int[], boolean)}. */
    public String decode(int[] ids) {
        return decode(ids, false);
    }

    /**
     * The text of ids. Bytes that are not UTF-8 become U+FFFD; an id that no token has (the padding of an embedding
     * table) adds nothing, as in HF.
     *
     * @throws IllegalArgumentException if an id is negative
     */
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StreamDecoder stream = new StreamDecoder(this, decoder, skipSpecialTokens);
        for (int id : ids) {
            stream.accept(id);
        }
        return stream.finish();
    }

    /** A decoder for ids that come one by one; it keeps special tokens. */
    public StreamDecoder streamDecoder() {
        return new StreamDecoder(this, decoder, false);
    }

    /**
     * The id of a token by its exact string as tokenizer.json writes it ({@code Ġthe}), added tokens included; -1 if
     * there is none.
     */
    public int tokenId(String token) {
        int id = added.id(token);
        return id >= 0 ? id : vocabulary.id(token);
    }

    /** The string of a token as tokenizer.json writes it, or null if no token has the id. */
    public String token(int id) {
        String content = added.content(id);
        return content != null ? content : vocabulary.token(id);
    }

    /** Whether an id is an added token with {@code special: true}. */
    public boolean isSpecial(int id) {
        return added.isSpecial(id);
    }

    /** The largest id + 1, added tokens included. An embedding table may have more rows. */
    public int vocabSize() {
        return forms.length;
    }

    /** What the decoder gets for an id, or null for nothing. */
    String decodedForm(int id, boolean skipSpecialTokens) {
        if (id < 0) {
            throw new IllegalArgumentException("negative token id: " + id);
        }
        String form = id < forms.length ? forms[id] : null;
        return skipSpecialTokens && form != null && added.isSkipped(form) ? null : form;
    }

    private static String checked(String text) {
        Objects.requireNonNull(text, "text");
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("the text has " + text.length() + " characters, at most " + MAX_LENGTH);
        }
        return text;
    }
}
