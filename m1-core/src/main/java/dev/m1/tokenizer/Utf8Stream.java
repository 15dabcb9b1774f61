package dev.m1.tokenizer;

/**
 * Decodes UTF-8 that arrives in pieces. What is malformed becomes U+FFFD by the rule of the Unicode standard (section
 * 3.9, "maximal subparts") and of Rust's {@code from_utf8_lossy}: one for each longest start of a character that
 * cannot go on. The JDK's decoder counts differently in places.
 */
final class Utf8Stream {
    private int codePoint; // bits of the character so far
    private int missing; // continuation bytes still to come
    private int low = 0x80; // range of the next continuation byte
    private int high = 0xBF;

    Utf8Stream() {}

    Utf8Stream(Utf8Stream other) {
        codePoint = other.codePoint;
        missing = other.missing;
        low = other.low;
        high = other.high;
    }

    /** Takes a byte, 0..255; appends the characters that are now certain. */
    void accept(int b, StringBuilder out) {
        if (missing > 0) {
            if (b >= low && b <= high) {
                codePoint = codePoint << 6 | b & 0x3F;
                low = 0x80;
                high = 0xBF;
                if (--missing == 0) {
                    out.appendCodePoint(codePoint);
                }
                return;
            }
            finish(out); // and the byte starts anew
        }
        if (b < 0x80) {
            out.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            start(b & 0x1F, 1, 0x80, 0xBF);
        } else if (b >= 0xE0 && b <= 0xEF) {
            start(b & 0x0F, 2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        } else if (b >= 0xF0 && b <= 0xF4) {
            start(b & 0x07, 3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        } else {
            out.append('\uFFFD');
        }
    }

    /** Ends the text: a character that is not complete becomes U+FFFD. */
    void finish(StringBuilder out) {
        if (missing > 0) {
            missing = 0;
            low = 0x80;
            high = 0xBF;
            out.append('\uFFFD');
        }
    }

    private void start(int bits, int continuations, int lowest, int highest) {
        codePoint = bits;
        missing = continuations;
        low = lowest;
        high = highest;
    }
}
