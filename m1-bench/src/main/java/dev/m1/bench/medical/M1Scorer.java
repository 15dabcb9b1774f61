package dev.m1.bench.medical;

/**
 * Scores an answer as the original m1 evaluation does, quirks included, so that accuracies can be compared with
 * published ones. It always finds some answer: wording decides much of its verdict, which {@link StrictScorer} makes
 * visible.
 *
 * @see <a href="https://github.com/UCSC-VLAA/m1">UCSC-VLAA/m1, src/eval</a>
 */
public final class M1Scorer {
    private M1Scorer() {}

    /** Time is linear in the text, apart from the last rule's similarity (see {@link SequenceRatio}). */
    public static M1Score score(AnswerItem item) {
        String extracted = M1Extraction.extract(item.text());
        String said = PythonText.lower(extracted);
        String letter = PythonText.lower(item.answerIdx());
        if (said.equals(PythonText.lower(item.answer()))) {
            return new M1Score(extracted, M1Rule.TEXT, item.answerIdx(), true);
        }
        if (said.equals(PythonText.lower(item.answerIdx() + ". " + item.answer()))) {
            return new M1Score(extracted, M1Rule.LETTER_AND_TEXT, item.answerIdx(), true);
        }
        if (extracted.codePointCount(0, extracted.length()) == 1 && said.equals(letter)) {
            return new M1Score(extracted, M1Rule.LETTER, item.answerIdx(), true);
        }
        M1Matcher.Match match = M1Matcher.match(extracted, item.options());
        boolean correct = match.letter() != null && PythonText.lower(match.letter()).equals(letter);
        return new M1Score(extracted, match.rule(), match.letter(), correct);
    }
}
