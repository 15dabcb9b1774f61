package dev.m1.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The character classes of HF tokenizers, read from a table that was asked from HF itself: ids must not change with
 * the Unicode version of the JDK (JDK 22 knows Unicode 15.1, HF's regular expressions 16.0, its normal forms 9.0).
 */
final class UnicodeClasses {
    /** {@code \p{L}}. */
    static final int LETTER = 1;
    /** {@code \p{N}}. */
    static final int NUMBER = 2;
    /** {@code \s}: Unicode White_Space, the no-break space and U+0085 among them. */
    static final int SPACE = 4;
    /** {@code \w} as {@code single_word} and the Whitespace pre-tokenizer mean it. */
    static final int WORD = 8;
    /** What the Punctuation pre-tokenizer splits at. */
    static final int PUNCTUATION = 16;
    /** What the Digits pre-tokenizer splits at. */
    static final int NUMERIC = 32;
    /** May change, move or compose in a normal form; every other code point stands still. */
    static final int NORMALIZED = 64;

    private static final String TABLE = "unicode-tables.txt";
    private static final int BLOCK = 256;
    private static final short[] BLOCK_OF = new short[0x110000 / BLOCK]; // [code point / 256] -> block
    private static final byte[] FLAGS; // [blocks, 256], equal blocks stored once

    static {
        byte[] flags = read();
        Map<String, Short> known = new HashMap<>();
        byte[] packed = new byte[flags.length];
        for (int b = 0; b < BLOCK_OF.length; b++) {
            String content = new String(flags, b * BLOCK, BLOCK, StandardCharsets.ISO_8859_1);
            Short block = known.get(content);
            if (block == null) {
                block = (short) known.size();
                known.put(content, block);
                System.arraycopy(flags, b * BLOCK, packed, block * BLOCK, BLOCK);
            }
            BLOCK_OF[b] = block;
        }
        FLAGS = Arrays.copyOf(packed, known.size() * BLOCK);
    }

    private UnicodeClasses() {}

    /** The classes of a code point, as a set of the constants above. */
    static int of(int codePoint) {
        return FLAGS[BLOCK_OF[codePoint >> 8] * BLOCK + (codePoint & 0xFF)];
    }

    static boolean is(int codePoint, int classes) {
        return (of(codePoint) & classes) != 0;
    }

    private static byte[] read() {
        byte[] flags = new byte[0x110000];
        try (InputStream in = UnicodeClasses.class.getResourceAsStream(TABLE)) {
            if (in == null) {
                throw new IllegalStateException("missing from the jar: " + TABLE);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                mark(flags, line.split(" "));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(TABLE, e);
        }
        return flags;
    }

    private static void mark(byte[] flags, String[] line) {
        int flag = switch (line[0]) {
            case "L" -> LETTER;
            case "N" -> NUMBER;
            case "SPACE" -> SPACE;
            case "WORD" -> WORD;
            case "PUNCT" -> PUNCTUATION;
            case "NUMERIC" -> NUMERIC;
            case "NORM" -> NORMALIZED;
            default -> throw new IllegalStateException(TABLE + ": unknown class " + line[0]);
        };
        int codePoint = 0;
        for (int i = 1; i < line.length; i++) {
            int colon = line[i].indexOf(':');
            codePoint += Integer.parseInt(line[i], 0, colon, 16);
            int end = codePoint + Integer.parseInt(line[i], colon + 1, line[i].length(), 16);
            for (; codePoint < end; codePoint++) {
                flags[codePoint] |= (byte) flag;
            }
        }
    }
}
