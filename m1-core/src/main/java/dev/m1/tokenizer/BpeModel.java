package dev.m1.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/**
 * A BPE model: the tokens of one word. It exists in two forms with the same ids: for words of characters
 * (SentencePiece style), and for words of bytes, where each byte is a character of the {@link ByteAlphabet}. Immutable
 * but for a memo.
 */
final class BpeModel {
    /** The options of {@code model} in tokenizer.json; {@code unkId} is -1 if there is no unknown token. */
    record Options(int unkId, boolean fuseUnk, boolean byteFallback, boolean ignoreMerges) {}

    private static final byte UNKNOWN = 0;
    private static final byte WHOLE = 1;
    private static final byte PARTS = 2;

    private final Vocabulary vocabulary;
    private final PairMap merges; // pair -> rank << 32 | merged id
    private final Options options;
    private final BitSet hidden; // ids that must not come out
    private final int[] byteIds = new int[256]; // byte-level symbols: [byte] -> id, or -1
    private final int[] fallbackIds = new int[256]; // tokens <0x00>..<0xFF>, or -1
    private final WordTable words; // null if the model is not byte-level

    /**
     * Whether merging a byte-level token's own text gives that one token, found out when first asked: most words of a
     * text are tokens, and are then looked up instead of merged. Threads may find out twice, but always the same.
     */
    private final byte[] wholeWord; // [id]

    BpeModel(Vocabulary vocabulary, PairMap merges, Options options, boolean byteLevel) {
        this(vocabulary, merges, options, new BitSet(), byteLevel ? new WordTable(vocabulary) : null);
    }

    private BpeModel(Vocabulary vocabulary, PairMap merges, Options options, BitSet hidden, WordTable words) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.options = options;
        this.hidden = hidden;
        this.words = words;
        wholeWord = new byte[words == null ? 0 : vocabulary.end()];
        char[] one = new char[1];
        for (int b = 0; b < 256; b++) {
            one[0] = ByteAlphabet.charOf(b);
            byteIds[b] = visible(vocabulary.id(one, 0, 1));
            fallbackIds[b] = vocabulary.id(String.format("<0x%02X>", b));
        }
    }

    /** The same model with other merges, never giving one of {@code ids}. */
    BpeModel hiding(BitSet ids, PairMap otherMerges) {
        return new BpeModel(vocabulary, otherMerges, options, ids, words);
    }

    Options options() {
        return options;
    }

    BpeMerger merger() {
        return new BpeMerger(merges);
    }

    /** Appends the tokens of the word {@code text[from, to)}, whose bytes are the symbols. */
    void encode(byte[] text, int from, int to, BpeMerger merger, IntList out) {
        int whole = visible(words.id(text, from, to));
        if (whole >= 0 && (options.ignoreMerges || wholeWord[whole] == WHOLE)) {
            out.add(whole);
            return;
        }
        merger.size = 0;
        boolean pendingUnk = false;
        for (int i = from; i < to; i++) {
            int id = byteIds[text[i] & 0xFF];
            if (id >= 0) {
                pendingUnk = flush(pendingUnk, merger);
                merger.add(id);
            } else {
                String letter = String.valueOf(ByteAlphabet.charOf(text[i] & 0xFF));
                pendingUnk = unknown(letter, pendingUnk, merger);
            }
        }
        flush(pendingUnk, merger);
        merger.merge();
        if (whole >= 0 && wholeWord[whole] == UNKNOWN) {
            wholeWord[whole] = merger.size == 1 && merger.symbols[0] == whole ? WHOLE : PARTS;
        }
        out.addAll(merger.symbols, merger.size);
    }

    /** Appends the tokens of a word whose characters are the symbols. */
    void encode(String word, BpeMerger merger, IntList out) {
        if (options.ignoreMerges) {
            int whole = visible(vocabulary.id(word));
            if (whole >= 0) {
                out.add(whole);
                return;
            }
        }
        merger.size = 0;
        boolean pendingUnk = false;
        char[] letter = new char[2];
        for (int i = 0; i < word.length(); ) {
            int units = Character.toChars(word.codePointAt(i), letter, 0);
            int id = visible(vocabulary.id(letter, 0, units));
            if (id >= 0) {
                pendingUnk = flush(pendingUnk, merger);
                merger.add(id);
            } else {
                pendingUnk = unknown(word.substring(i, i + units), pendingUnk, merger);
            }
            i += units;
        }
        flush(pendingUnk, merger);
        merger.merge();
        out.addAll(merger.symbols, merger.size);
    }

    /**
     * A character without a token: its bytes as {@code <0x..>} tokens, else the unknown token, else nothing. As in HF,
     * an unknown token waits until a known character follows, so byte tokens overtake it.
     */
    private boolean unknown(String letter, boolean pendingUnk, BpeMerger merger) {
        if (options.byteFallback) {
            byte[] utf8 = letter.getBytes(StandardCharsets.UTF_8);
            boolean all = true;
            for (byte b : utf8) {
                all &= fallbackIds[b & 0xFF] >= 0;
            }
            if (all) {
                for (byte b : utf8) {
                    merger.add(fallbackIds[b & 0xFF]);
                }
                return pendingUnk;
            }
        }
        if (options.unkId < 0) {
            return false;
        }
        if (!options.fuseUnk) {
            flush(pendingUnk, merger);
        }
        return true;
    }

    private boolean flush(boolean pendingUnk, BpeMerger merger) {
        if (pendingUnk) {
            merger.add(options.unkId);
        }
        return false;
    }

    private int visible(int id) {
        return id >= 0 && hidden.get(id) ? -1 : id;
    }
}
