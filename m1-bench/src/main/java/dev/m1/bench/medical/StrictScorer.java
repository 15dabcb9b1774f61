package dev.m1.bench.medical;

/**
 * Scores an answer only if it says which option it means; anything else is a parse failure, not a guess.
 *
 * <p><b>Statement.</b> Two forms count: {@code \boxed{...}} with balanced braces and something inside, and {@code
 * Answer:} or {@code Final Answer:} (any case; emphasis around it and spaces before the colon allowed) followed by the
 * rest of that line, or by the next line that is not blank. A bare {@code Answer:} counts only if no word stands before
 * it on its line, so that "the wrong answer: B" states nothing. The statement that begins last decides alone (a label
 * inside a box belongs to the box); if it cannot be read, the answer is a parse failure, whatever stood before: a model
 * that ends undecided has not answered. An empty box is an echo of the instruction and no statement; nor is a box cut
 * off before its brace closes.
 *
 * <p><b>Reading.</b> The statement as a whole must be one of these; the first that fits decides:
 * <ol>
 * <li>an option's letter: {@code B}, {@code (B)}, {@code [B]}, {@code B)};
 * <li>an option's text;
 * <li>a letter in lower case;
 * <li>an option's text in another case, if only one option has it;
 * <li>letter and text of the same option: {@code B. text}, {@code B) text}, {@code B: text}, {@code (B) text}. A letter
 *     with any other text is not read: "E. coli" is no option E.
 * </ol>
 * Before that, statement and option texts alike lose what is only typography: commands such as {@code \text{}} around
 * the whole, emphasis, dollar signs, escapes, white space beyond one space, and {@code . , ; : !} at the end. If two
 * options have the same text, naming it means the right one of them, else the first.
 */
public final class StrictScorer {
    private StrictScorer() {}

    /** Time is linear in the text. */
    public static StrictScore score(AnswerItem item) {
        String statement = FinalStatement.of(item.text());
        String letter = statement == null ? null : new OptionNames(item).letterOf(statement);
        return new StrictScore(letter, item.answerIdx().equals(letter), letter != null);
    }
}
