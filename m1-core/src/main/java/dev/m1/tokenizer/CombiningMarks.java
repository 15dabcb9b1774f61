package dev.m1.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts rows of combining marks in canonical order, in O(n log n). The JDK does not tell a mark's combining class, but
 * it does tell which of two marks goes first, and that is enough to place a mark among one representative of each
 * class.
 */
final class CombiningMarks {
    /** One mark of each non-zero combining class, in the order of the classes (1, 7, 8, ... 240). */
    static final int[] REPRESENTATIVES = {
        0x334, 0x93C, 0x3099, 0x94D, 0x5B0, 0x5B1, 0x5B2, 0x5B3, 0x5B4, 0x5B5, 0x5B6, 0x5B7, 0x5B8, 0x5B9,
        0x5BB, 0x5BC, 0x5BD, 0x5BF, 0x5C1, 0x5C2, 0xFB1E, 0x64B, 0x64C, 0x64D, 0x64E, 0x64F, 0x650, 0x651,
        0x652, 0x670, 0x711, 0xC55, 0xC56, 0xE38, 0xE48, 0xEB8, 0xEC8, 0xF71, 0xF72, 0xF74, 0x321, 0x1DCE,
        0x31B, 0x302A, 0x316, 0x59A, 0x302E, 0x1D16D, 0x5AE, 0x301, 0x315, 0x35C, 0x35D, 0x345
    };

    private final Map<Integer, Integer> orders = new HashMap<>(); // code point -> 1 + index of its class, or 0
    private final StringBuilder out = new StringBuilder();
    private long[] row = new long[64]; // order << 48 | position << 21 | code point: sorting by it is stable
    private int length;

    /** Adds decomposed text. */
    void append(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            long order = orders.computeIfAbsent(c, CombiningMarks::order);
            if (order == 0) {
                flush();
                out.appendCodePoint(c);
                continue;
            }
            if (length == 1 << 27) {
                flush(); // more marks on one base than a position has bits for
            }
            if (length == row.length) {
                row = Arrays.copyOf(row, length * 2);
            }
            row[length] = order << 48 | (long) length << 21 | c;
            length++;
        }
    }

    /** The text so far, in order. */
    String finish() {
        flush();
        return out.toString();
    }

    private void flush() {
        Arrays.sort(row, 0, length);
        for (int i = 0; i < length; i++) {
            out.appendCodePoint((int) row[i] & 0x1FFFFF);
        }
        length = 0;
    }

    /** 1 + the index of the mark's class in {@link #REPRESENTATIVES}, or 0 for what is no combining mark. */
    static int order(int codePoint) {
        if (!swaps(0x345, codePoint) && !swaps(codePoint, 0x334)) {
            return 0;
        }
        int low = 0;
        int high = REPRESENTATIVES.length - 1;
        while (low < high) {
            int middle = low + high + 1 >>> 1;
            if (swaps(REPRESENTATIVES[middle], codePoint)) {
                high = middle - 1;
            } else {
                low = middle;
            }
        }
        return low + 1;
    }

    /** Whether the class of the second mark is lower than that of the first, so that they change places. */
    static boolean swaps(int first, int second) {
        String pair = Character.toString(first) + Character.toString(second);
        return !Normalizer.normalize("x" + pair, Form.NFD).equals("x" + pair);
    }
}
