package dev.m1.bench.medical.report;

import dev.m1.bench.medical.M1Rule;
import dev.m1.bench.medical.M1Score;
import dev.m1.bench.medical.M1Scorer;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.StrictScore;
import dev.m1.bench.medical.StrictScorer;
import dev.m1.bench.medical.run.CellOutcome;

/**
 * An answer and what both scorers make of it.
 *
 * @param outcome the answer; null if the question could not be asked, which counts as wrong
 * @param m1 the m1-compatible scorer's verdict
 * @param strict the strict scorer's
 */
public record ScoredCell(CellOutcome outcome, M1Score m1, StrictScore strict) {
    private static final ScoredCell NOT_ASKED =
            new ScoredCell(null, new M1Score("", M1Rule.NONE, null, false), new StrictScore(null, false, false));

    static ScoredCell of(MedicalItem item, CellOutcome outcome) {
        return outcome == null
                ? NOT_ASKED
                : new ScoredCell(
                        outcome,
                        M1Scorer.score(item.answered(outcome.response())),
                        StrictScorer.score(item.answered(outcome.response())));
    }

    /** Whether the answer is right. */
    public boolean correct(Scorer scorer) {
        return scorer == Scorer.M1 ? m1.correct() : strict.correct();
    }

    /** The option the answer is taken for; null for none. */
    public String letter(Scorer scorer) {
        return scorer == Scorer.M1 ? m1.letter() : strict.letter();
    }

    /** Whether no option is stated; the m1 scorer then guesses the most similar one. */
    public boolean unparsed(Scorer scorer) {
        return scorer == Scorer.STRICT ? !strict.parsed() : m1.rule() == M1Rule.SIMILARITY || m1.rule() == M1Rule.NONE;
    }
}
