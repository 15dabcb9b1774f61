package dev.m1.examples.demo;

import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.Wilson;
import java.util.ArrayList;
import java.util.List;

/**
 * Accuracy on questions by what the small checkpoint was never trained on, at the largest budget without Waits:
 * thinking longer does not supply a fact.
 *
 * @param checkpoint which checkpoint answered
 * @param unseen true for questions with a finding that the small checkpoint's training never showed
 * @param n such questions
 * @param right how many of them were answered rightly
 */
public record KnowledgeGap(String checkpoint, boolean unseen, int n, int right) {
    /** Two rows for each result, or none if the exam does not say what was never shown. */
    public static List<KnowledgeGap> of(List<ExamResult> results) {
        List<KnowledgeGap> rows = new ArrayList<>();
        for (ExamResult result : results) {
            List<ExamQuestion> questions = result.exam().questions();
            if (!questions.stream().allMatch(q -> q.unseen().isPresent())) {
                return List.of();
            }
            Verdicts verdicts = result.at(result.largestBudget(), 0);
            for (boolean unseen : new boolean[] {false, true}) {
                int n = 0;
                int right = 0;
                for (int i = 0; i < questions.size(); i++) {
                    if (unseen == questions.get(i).unseen().getAsInt() > 0) {
                        n++;
                        right += verdicts.isRight(i) ? 1 : 0;
                    }
                }
                rows.add(new KnowledgeGap(result.checkpoint(), unseen, n, right));
            }
        }
        return rows;
    }

    /** Share of right answers; not a number if there is no such question. */
    public double accuracy() {
        return (double) right / n;
    }

    /** Wilson's 95 % interval; from 0 to 1 if there is no such question. */
    public Interval interval() {
        return n == 0 ? new Interval(0, 1) : Wilson.interval(right, n);
    }
}
