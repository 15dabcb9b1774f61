package dev.m1.chat.jinja;

/** {@code str.replace}: what stays keeps its marks, what comes in brings its own. */
final class Replace {
    private Replace() {}

    /** @param max most replacements, or negative for all */
    static Text replace(Frame frame, Text text, Text old, Text with, long max) {
        long left = max < 0 ? Long.MAX_VALUE : max;
        return old.isEmpty() ? between(frame, text, with, left) : found(frame, text, old, with, left);
    }

    private static Text found(Frame frame, Text text, Text old, Text with, long max) {
        String s = text.string();
        int at = max == 0 ? -1 : Search.indexOf(frame, s, old.string(), 0);
        if (at < 0) {
            return text;
        }
        TextBuilder out = frame.builder();
        int done = 0;
        for (long left = max; at >= 0 && left > 0; left--) {
            out.append(text, done, at).append(with);
            done = at + old.length();
            frame.budget.step();
            at = Search.indexOf(frame, s, old.string(), done);
        }
        return out.append(text, done, s.length()).toText();
    }

    /** The empty string is found before every character and at the end. */
    private static Text between(Frame frame, Text text, Text with, long max) {
        TextBuilder out = frame.builder();
        int at = 0;
        for (long left = max; left > 0; left--) {
            frame.budget.step();
            out.append(with);
            if (at == text.length()) {
                break;
            }
            int next = at + Character.charCount(text.string().codePointAt(at));
            out.append(text, at, next);
            at = next;
        }
        return out.append(text, at, text.length()).toText();
    }
}
