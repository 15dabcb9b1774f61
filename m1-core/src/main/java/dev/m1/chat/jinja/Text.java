package dev.m1.chat.jinja;

import dev.m1.tokenizer.TextSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An immutable string that knows which of its characters came from the caller (message contents, tool descriptions)
 * rather than from the template. Python counts code points where Java counts UTF-16 units; offsets here are UTF-16
 * units and {@link #offset} translates.
 *
 * <p>Equality and hash look at the characters only.
 */
public final class Text {
    // Two empty arrays told apart by identity: no character is marked, every character is marked.
    private static final int[] NOTHING = new int[0];
    private static final int[] EVERYTHING = new int[0];

    static final Text EMPTY = new Text("", NOTHING, false);

    private final String string;
    private final int[] marks; // [start, end) pairs of caller-given characters: sorted, disjoint, not adjacent
    private final boolean safe;
    private byte pairs; // 0 not looked yet, 1 no surrogates, 2 surrogates: a benign race

    private Text(String string, int[] marks, boolean safe) {
        this.string = string;
        this.marks = marks;
        this.safe = safe;
    }

    /** Text of the template. */
    public static Text plain(String string) {
        return string.isEmpty() ? EMPTY : new Text(string, NOTHING, false);
    }

    /** Text of the caller. */
    public static Text literal(String string) {
        return string.isEmpty() ? EMPTY : new Text(string, EVERYTHING, false);
    }

    /** Text with {@code count} marked ranges in {@code ranges} as start, end, start, end, … */
    static Text marked(String string, int[] ranges, int count) {
        if (count == 0) {
            return plain(string);
        }
        if (count == 1 && ranges[0] == 0 && ranges[1] == string.length()) {
            return literal(string);
        }
        return new Text(string, Arrays.copyOf(ranges, 2 * count), false);
    }

    public String string() {
        return string;
    }

    /** UTF-16 units. */
    int length() {
        return string.length();
    }

    boolean isEmpty() {
        return string.isEmpty();
    }

    /** Whether this is jinja2's {@code Markup}: text that {@code +} does not escape. */
    boolean safe() {
        return safe;
    }

    Text withSafe(boolean value) {
        return value == safe ? this : new Text(string, marks, value);
    }

    boolean isUniform() {
        return marks == NOTHING || marks == EVERYTHING;
    }

    /** Other characters, one for one in place of these; only for uniform text or equal length. */
    Text withString(String other) {
        if (!isUniform() && other.length() != string.length()) {
            throw new IllegalArgumentException("length " + other.length() + " != " + string.length());
        }
        return other.isEmpty() ? EMPTY.withSafe(safe) : new Text(other, marks, safe);
    }

    /** Whether the UTF-16 unit at {@code index} came from the caller. */
    boolean literalAt(int index) {
        if (isUniform()) {
            return marks == EVERYTHING;
        }
        int at = Arrays.binarySearch(marks, index);
        // A start (even) opens a range; an end (odd) is outside; between, the insertion point tells.
        return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
    }

    /** Characters {@code [from, to)} with their marks, in UTF-16 units. */
    Text slice(int from, int to) {
        if (from == 0 && to == string.length()) {
            return this;
        }
        if (from >= to) {
            return EMPTY.withSafe(safe);
        }
        String part = string.substring(from, to);
        if (isUniform()) {
            return new Text(part, marks, safe);
        }
        int[] kept = new int[marks.length];
        int count = 0;
        for (int i = firstMarkEndingAfter(from); i < marks.length && marks[i] < to; i += 2) {
            kept[2 * count] = Math.max(marks[i], from) - from;
            kept[2 * count + 1] = Math.min(marks[i + 1], to) - from;
            count++;
        }
        return marked(part, kept, count).withSafe(safe);
    }

    /** Calls {@code sink} with the marked ranges inside {@code [from, to)}, moved by {@code shift}. */
    void marks(int from, int to, int shift, RangeSink sink) {
        if (from >= to || marks == NOTHING) {
            return;
        }
        if (marks == EVERYTHING) {
            sink.range(from + shift, to + shift);
            return;
        }
        for (int i = firstMarkEndingAfter(from); i < marks.length && marks[i] < to; i += 2) {
            sink.range(Math.max(marks[i], from) + shift, Math.min(marks[i + 1], to) + shift);
        }
    }

    private int firstMarkEndingAfter(int from) {
        int at = Arrays.binarySearch(marks, from);
        int i = at >= 0 ? at : -at - 1;
        // An odd index is the end of a range: at == from it is behind us, otherwise we stand inside that range.
        return i % 2 == 0 ? i : at >= 0 ? i + 1 : i - 1;
    }

    /** The text cut where its origin changes; empty for empty text. */
    public List<TextSpan> spans() {
        List<TextSpan> spans = new ArrayList<>();
        int[] done = {0};
        marks(0, string.length(), 0, (start, end) -> {
            addSpan(spans, done[0], start, false);
            addSpan(spans, start, end, true);
            done[0] = end;
        });
        addSpan(spans, done[0], string.length(), false);
        return List.copyOf(spans);
    }

    private void addSpan(List<TextSpan> spans, int from, int to, boolean literal) {
        if (from < to) {
            spans.add(new TextSpan(string.substring(from, to), literal));
        }
    }

    /** Whether code points and UTF-16 units may differ, so that finding an index takes time. */
    boolean hasPairs() {
        if (pairs == 0) {
            int i = 0;
            while (i < string.length() && !Character.isSurrogate(string.charAt(i))) {
                i++;
            }
            pairs = (byte) (i < string.length() ? 2 : 1);
        }
        return pairs == 2;
    }

    /** Length as Python counts. */
    int codePoints() {
        return hasPairs() ? string.codePointCount(0, string.length()) : string.length();
    }

    /** UTF-16 offset of the code point {@code index}, {@code 0 <= index <= codePoints()}. */
    int offset(int index) {
        return hasPairs() ? string.offsetByCodePoints(0, index) : index;
    }

    /** Code point index of a UTF-16 offset. */
    int index(int offset) {
        return hasPairs() ? string.codePointCount(0, offset) : offset;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text t && t.string.equals(string);
    }

    @Override
    public int hashCode() {
        return string.hashCode();
    }

    @Override
    public String toString() {
        return string;
    }

    /** Receives a range {@code [start, end)}. */
    interface RangeSink {
        void range(int start, int end);
    }
}
