package dev.m1.tokenizer;

import java.text.Normalizer.Form;

/**
 * NFC, NFD, NFKC or NFKD as HF has them. HF's tables are those of Unicode 9.0: characters that came later are left as
 * they are, whatever the JDK knows of them, by never handing them to the JDK.
 */
final class UnicodeForm implements Normalizer {
    /** Runs of marks longer than this are put in order here: the JDK inserts marks one by one, which is quadratic. */
    private static final int LONG_RUN = 64;

    private final Form form;
    // characters below it are in this form already and do not combine with their neighbours
    private final int firstAffected;

    UnicodeForm(Form form) {
        this.form = form;
        this.firstAffected = form == Form.NFC ? 0x300 : 0x80;
    }

    @Override
    public String normalize(String text, boolean first, boolean last) {
        int at = affected(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 16);
        int done = 0;
        while (at >= 0) {
            // An earlier, simpler character before it may compose with it.
            int start = at > done && text.charAt(at - 1) < firstAffected ? at - 1 : at;
            int end = endOfRun(text, at);
            out.append(text, done, start);
            appendForm(text.substring(start, end), out);
            done = end;
            at = affected(text, end);
        }
        return out.append(text, done, text.length()).toString();
    }

    /** The first code point at or after {@code from} that the form may touch, or -1. */
    private int affected(String text, int from) {
        for (int i = from; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c >= firstAffected && UnicodeClasses.is(c, UnicodeClasses.NORMALIZED)) {
                return i;
            }
            i += Character.charCount(c);
        }
        return -1;
    }

    private int endOfRun(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (c < firstAffected || !UnicodeClasses.is(c, UnicodeClasses.NORMALIZED)) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private void appendForm(String run, StringBuilder out) {
        out.append(java.text.Normalizer.normalize(run.length() > LONG_RUN ? ordered(run) : run, form));
    }

    /** The run decomposed, its rows of combining marks in canonical order. */
    private String ordered(String run) {
        Form decomposition = form == Form.NFC || form == Form.NFD ? Form.NFD : Form.NFKD;
        CombiningMarks marks = new CombiningMarks();
        for (int i = 0; i < run.length(); ) {
            int c = run.codePointAt(i);
            i += Character.charCount(c);
            marks.append(java.text.Normalizer.normalize(Character.toString(c), decomposition));
        }
        return marks.finish();
    }
}
