package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.ClusteredProportion;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.Outcome;
import dev.m1.bench.medical.stats.Wilson;
import java.util.List;

/**
 * Accuracy of a group of questions under one scorer.
 *
 * @param n questions; those that could not be asked count as wrong
 * @param right right answers
 * @param wilson 95 % interval, the questions taken as independent
 * @param clusters distinct stems
 * @param clustered 95 % interval that allows for shared stems; where none are shared it is close to Wilson's
 * @param unparsed answers that state no option
 * @param failed questions that could not be asked
 */
public record GroupStatistics(
        int n, int right, Interval wilson, int clusters, Interval clustered, int unparsed, int failed) {

    static GroupStatistics of(List<ScoredQuestion> questions, Cell cell, Scorer scorer) {
        List<Outcome> outcomes =
                questions.stream().map(q -> outcome(q, cell, scorer)).toList();
        ClusteredProportion clustered = ClusteredProportion.of(outcomes);
        return new GroupStatistics(
                clustered.n(),
                clustered.right(),
                Wilson.interval(clustered.right(), clustered.n()),
                clustered.clusters(),
                clustered.interval(),
                (int) questions.stream().filter(q -> q.at(cell).unparsed(scorer)).count(),
                (int) questions.stream().filter(q -> q.result().failure() != null).count());
    }

    static Outcome outcome(ScoredQuestion question, Cell cell, Scorer scorer) {
        return new Outcome(
                question.item().source(),
                question.item().cluster(),
                question.at(cell).correct(scorer));
    }

    /** Right answers over questions. */
    public double accuracy() {
        return (double) right / n;
    }
}
