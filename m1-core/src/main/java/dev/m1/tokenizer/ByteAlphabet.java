package dev.m1.tokenizer;

import java.util.Arrays;

/**
 * The printable stand-ins that byte-level BPE gives to the 256 byte values: printable Latin-1 characters stand for
 * themselves, the other 68 bytes are numbered from U+0100 (GPT-2, {@code bytes_to_unicode} in its encoder.py).
 */
final class ByteAlphabet {
    private static final char[] CHAR_OF = new char[256]; // [byte]
    private static final short[] BYTE_OF = new short[256 + 68]; // [char], -1 where the character stands for no byte

    static {
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHAR_OF[b] = (char) (printable ? b : next++);
        }
        Arrays.fill(BYTE_OF, (short) -1);
        for (int b = 0; b < 256; b++) {
            BYTE_OF[CHAR_OF[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static char charOf(int unsignedByte) {
        return CHAR_OF[unsignedByte];
    }

    /** The byte that a character stands for, 0..255, or -1. */
    static int byteOf(char c) {
        return c < BYTE_OF.length ? BYTE_OF[c] : -1;
    }

    /** Whether all characters of a token stand for bytes. */
    static boolean spells(String token) {
        for (int i = 0; i < token.length(); i++) {
            if (byteOf(token.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The bytes that a token stands for, or null if one of its characters stands for none. */
    static byte[] bytes(String token) {
        if (!spells(token)) {
            return null;
        }
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) byteOf(token.charAt(i));
        }
        return bytes;
    }

    /** UTF-8 spelled in the alphabet. */
    static String spell(byte[] utf8) {
        char[] chars = new char[utf8.length];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = CHAR_OF[utf8[i] & 0xFF];
        }
        return new String(chars);
    }
}
