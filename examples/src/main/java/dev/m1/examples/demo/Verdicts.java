package dev.m1.examples.demo;

import dev.m1.ReasoningResult;
import dev.m1.bench.medical.AnswerItem;
import dev.m1.bench.medical.M1Scorer;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.StrictScore;
import dev.m1.bench.medical.StrictScorer;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.Wilson;
import java.util.BitSet;

/**
 * Which questions were answered rightly at one budget and one number of Waits. An answer that the strict scorer cannot
 * read is wrong.
 */
public final class Verdicts {
    private final int questions;
    private final BitSet strict = new BitSet();
    private final BitSet m1 = new BitSet();
    private int unread;

    Verdicts(int questions) {
        this.questions = questions;
    }

    void score(int question, MedicalItem item, ReasoningResult result) {
        AnswerItem answer = item.answered(result.response());
        StrictScore score = StrictScorer.score(answer);
        strict.set(question, score.correct());
        m1.set(question, M1Scorer.score(answer).correct());
        unread += score.parsed() ? 0 : 1;
    }

    /** Number of questions. */
    public int questions() {
        return questions;
    }

    /** Share of right answers, by the strict scorer. */
    public double accuracy() {
        return (double) strict.cardinality() / questions;
    }

    /** Wilson's 95 % interval around {@link #accuracy}. */
    public Interval interval() {
        return Wilson.interval(strict.cardinality(), questions);
    }

    /** Share of right answers, by the scorer of the m1 paper. */
    public double m1Accuracy() {
        return (double) m1.cardinality() / questions;
    }

    /** Answers that the strict scorer cannot read. */
    public int unread() {
        return unread;
    }

    /** Whether the strict scorer calls the answer to a question right. */
    public boolean isRight(int question) {
        return strict.get(question);
    }

    /** All verdicts of the strict scorer, by question. */
    boolean[] right() {
        boolean[] right = new boolean[questions];
        strict.stream().forEach(i -> right[i] = true);
        return right;
    }
}
