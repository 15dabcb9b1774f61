package dev.m1.bench.medical;

/** What a check of a question found. */
public enum ItemProblem {
    /** A field has the wrong type, or an option comes twice. */
    MALFORMED(true, "a field of the wrong type"),
    /** No question, or only white space. */
    NO_QUESTION(true, "no question"),
    /** Fewer than two options. */
    TOO_FEW_OPTIONS(true, "fewer than two options"),
    /** An option's key is not one of A to Z. */
    NO_LETTER(true, "an option whose key is not a letter A to Z"),
    /** No field says which option is right. */
    NO_ANSWER(true, "no answer given"),
    /** The answer is none of the options. */
    NOT_AN_OPTION(true, "an answer that is none of the options"),
    /** The answer's letter and its text mean different options. */
    CONTRADICTION(true, "an answer whose letter and text differ"),
    /** Same question, options and answer as an earlier item of the source. */
    DUPLICATE(false, "a repeated item"),
    /** Two options with the same text. */
    EQUAL_OPTIONS(false, "two options with the same text"),
    /** An option without text. */
    BLANK_OPTION(false, "a blank option"),
    /** Letters are not A, B, C … in this order. */
    UNORDERED_LETTERS(false, "letters that are not A, B, C … in order"),
    /** An option of several lines; the m1 scorer reads it back wrongly. */
    LINE_BREAK(false, "an option with a line break"),
    /** More options than the 14 letters that the m1 scorer knows. */
    MANY_OPTIONS(false, "more than 14 options");

    private final boolean drops;
    private final String description;

    ItemProblem(boolean drops, String description) {
        this.drops = drops;
        this.description = description;
    }

    /** Whether the item is left out; the others are kept and counted. */
    public boolean drops() {
        return drops;
    }

    /** In words. */
    public String description() {
        return description;
    }
}
