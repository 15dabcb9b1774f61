package dev.m1.bench.medical;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Similarity of strings to one fixed text as Python's {@code difflib.SequenceMatcher.ratio()} computes it: twice the
 * characters in matching blocks over the sum of the lengths, where the blocks are the longest match (the leftmost of
 * equals) and, recursively, those left and right of it (Ratcliff and Obershelp). Lengths are in code points.
 *
 * <p>From 200 characters on, a character that makes up more than about 1 % of the text is too popular to begin a match
 * (it may extend one). So against an ordinary answer nearly every letter is ignored, and so a text costs at most {@code
 * text / 100 * option} steps for each matching block.
 */
final class SequenceRatio {
    private static final int POPULAR_FROM = 200; // code points

    private final int[] text; // [text], code points
    /**
     * Every place of the text as {@code character << 32 | place}, ascending: the places of one character are a slice.
     */
    private final long[] places; // [text]
    private final int popular; // A character with more places than this begins no match.
    /** Row of match lengths: [j + 1] is the length of the match that ends at text[j] and at the current character. */
    private int[] lengths; // [text + 1]
    private int[] previousLengths; // [text + 1]

    SequenceRatio(String text) {
        this.text = text.codePoints().toArray();
        int n = this.text.length;
        places = new long[n];
        for (int j = 0; j < n; j++) {
            places[j] = place(this.text[j], j);
        }
        Arrays.sort(places);
        popular = n >= POPULAR_FROM ? n / 100 + 1 : Integer.MAX_VALUE;
        lengths = new int[n + 1];
        previousLengths = new int[n + 1];
    }

    /** In [0, 1]; 1 for two empty strings. */
    double of(String string) {
        int[] other = string.codePoints().toArray(); // [other]
        if (other.length + text.length == 0) {
            return 1;
        }
        int[] from = new int[other.length]; // [other], slice of places for each character
        int[] to = new int[other.length]; // [other]
        for (int i = 0; i < other.length; i++) {
            from[i] = firstPlace(0, places.length, place(other[i], 0));
            to[i] = firstPlace(from[i], places.length, place(other[i] + 1, 0));
            if (to[i] - from[i] > popular) {
                to[i] = from[i];
            }
        }
        long matched = 0;
        ArrayDeque<Range> open = new ArrayDeque<>();
        open.push(new Range(0, other.length, 0, text.length));
        while (!open.isEmpty()) {
            Range range = open.pop();
            Block block = longest(other, from, to, range);
            if (block.size > 0) {
                matched += block.size;
                if (range.aFrom < block.a && range.bFrom < block.b) {
                    open.push(new Range(range.aFrom, block.a, range.bFrom, block.b));
                }
                int aEnd = block.a + block.size;
                int bEnd = block.b + block.size;
                if (aEnd < range.aTo && bEnd < range.bTo) {
                    open.push(new Range(aEnd, range.aTo, bEnd, range.bTo));
                }
            }
        }
        return 2.0 * matched / ((long) other.length + text.length);
    }

    private Block longest(int[] other, int[] from, int[] to, Range range) {
        int bestA = range.aFrom;
        int bestB = range.bFrom;
        int best = 0;
        int dirtyFrom = 0;
        int dirtyTo = 0;
        for (int i = range.aFrom; i < range.aTo; i++) {
            int first = firstPlace(from[i], to[i], place(other[i], range.bFrom));
            int p = first;
            for (; p < to[i] && (int) places[p] < range.bTo; p++) {
                int j = (int) places[p];
                int length = previousLengths[j] + 1;
                lengths[j + 1] = length;
                if (length > best) {
                    best = length;
                    bestA = i - length + 1;
                    bestB = j - length + 1;
                }
            }
            clear(previousLengths, dirtyFrom, dirtyTo);
            dirtyFrom = first;
            dirtyTo = p;
            int[] row = previousLengths;
            previousLengths = lengths;
            lengths = row;
        }
        clear(previousLengths, dirtyFrom, dirtyTo);
        // Popular characters begin no match, yet belong to one that they touch.
        while (bestA > range.aFrom && bestB > range.bFrom && other[bestA - 1] == text[bestB - 1]) {
            bestA--;
            bestB--;
            best++;
        }
        while (bestA + best < range.aTo && bestB + best < range.bTo && other[bestA + best] == text[bestB + best]) {
            best++;
        }
        return new Block(bestA, bestB, best);
    }

    private void clear(int[] row, int placesFrom, int placesTo) {
        for (int p = placesFrom; p < placesTo; p++) {
            row[(int) places[p] + 1] = 0;
        }
    }

    private int firstPlace(int from, int to, long key) {
        int at = Arrays.binarySearch(places, from, to, key);
        return at >= 0 ? at : -at - 1;
    }

    private static long place(int character, int at) {
        return (long) character << 32 | at;
    }

    private record Range(int aFrom, int aTo, int bFrom, int bTo) {}

    private record Block(int a, int b, int size) {}
}
