package dev.m1.bench.medical;

/** Which rule of the original's scoring decided, in the order in which they are tried. */
public enum M1Rule {
    /** The extracted text is the right option's text. */
    TEXT("text", null),
    /** The extracted text is the right option as {@code B. text}. */
    LETTER_AND_TEXT("letter_text", null),
    /** The extracted text is the right letter. */
    LETTER("letter", null),
    /** The last "answer is" that a capital A to N follows. */
    ANSWER_IS("match", "answer_is"),
    /** The last letter that stands alone. */
    LONE_LETTER("match", "lone_letter"),
    /** The option text that occurs last. */
    LAST_OPTION_TEXT("match", "last_option_text"),
    /**
     * The option text most similar to the whole; there is always one, so a wrong parse cannot be told from a wrong
     * answer.
     */
    SIMILARITY("match", "similarity"),
    /** No option can be read from the list of options; the original stops with an error here. */
    NONE("none", null);

    private final String group;
    private final String matcher;

    M1Rule(String group, String matcher) {
        this.group = group;
        this.matcher = matcher;
    }

    /** {@code text}, {@code letter_text}, {@code letter}, or {@code match} for the four steps of the matcher. */
    public String group() {
        return group;
    }

    /** Name of the matcher's step; null for the other rules. */
    public String matcher() {
        return matcher;
    }
}
