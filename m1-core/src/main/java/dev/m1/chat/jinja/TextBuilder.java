package dev.m1.chat.jinja;

import java.util.Arrays;

/** Collects text with its marks, within the {@link Budget}. */
final class TextBuilder {
    private final Budget budget;
    private final StringBuilder chars = new StringBuilder();
    private int[] marks = new int[8]; // start, end pairs
    private int count; // pairs in use

    TextBuilder(Budget budget) {
        this.budget = budget;
    }

    int length() {
        return chars.length();
    }

    TextBuilder append(Text text) {
        return append(text, 0, text.length());
    }

    /** UTF-16 units {@code [from, to)} of a text. */
    TextBuilder append(Text text, int from, int to) {
        if (from < to) {
            int at = chars.length();
            charge(to - from);
            chars.append(text.string(), from, to);
            text.marks(from, to, at - from, this::mark);
        }
        return this;
    }

    /** Characters of the template. */
    TextBuilder append(String plain) {
        charge(plain.length());
        chars.append(plain);
        return this;
    }

    TextBuilder append(String string, boolean literal) {
        int at = chars.length();
        append(string);
        if (literal && !string.isEmpty()) {
            mark(at, chars.length());
        }
        return this;
    }

    TextBuilder append(char plain) {
        charge(1);
        chars.append(plain);
        return this;
    }

    TextBuilder repeat(Text text, long times) {
        if (times > 0 && !text.isEmpty()) {
            // Refused before the loop: the product may be far beyond any limit.
            long added = times > Integer.MAX_VALUE ? Long.MAX_VALUE / 2 : text.length() * times;
            budget.chars(0, chars.length() + added);
            if (text.isUniform()) {
                append(text.string().repeat((int) times), text.literalAt(0));
                return this;
            }
            for (long i = 0; i < times; i++) {
                budget.step();
                append(text);
            }
        }
        return this;
    }

    private void charge(int added) {
        budget.chars(added, (long) chars.length() + added);
    }

    private void mark(int start, int end) {
        if (count > 0 && marks[2 * count - 1] == start) {
            marks[2 * count - 1] = end;
            return;
        }
        if (2 * count == marks.length) {
            marks = Arrays.copyOf(marks, 2 * marks.length);
        }
        marks[2 * count] = start;
        marks[2 * count + 1] = end;
        count++;
    }

    Text toText() {
        return Text.marked(chars.toString(), marks, count);
    }
}
