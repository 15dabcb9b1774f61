package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.Utf16;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A question that was right in one cell and wrong in another.
 *
 * @param question the question
 * @param before the cell in which it was right
 * @param after the cell in which it was wrong
 */
record TurnedCase(ScoredQuestion question, Cell before, Cell after) {

    /** The first so many for the m1 scorer, from each comparison in turn and each question once. */
    static List<TurnedCase> find(RunStatistics s, int most) {
        List<CellComparison> comparisons = new ArrayList<>(s.budgetSteps().get(Scorer.M1));
        comparisons.addAll(s.waitSteps().get(Scorer.M1));
        List<List<TurnedCase>> found = comparisons.stream()
                .map(c -> s.run().questions().stream()
                        .filter(turned(c))
                        .map(q -> new TurnedCase(q, c.before(), c.after()))
                        .toList())
                .toList();
        List<TurnedCase> cases = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int longest = found.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest && cases.size() < most; i++) {
            for (List<TurnedCase> list : found) {
                if (i < list.size() && cases.size() < most && seen.add(list.get(i).question.item().id())) {
                    cases.add(list.get(i));
                }
            }
        }
        return cases;
    }

    private static Predicate<ScoredQuestion> turned(CellComparison c) {
        return q -> q.at(c.before()).correct(Scorer.M1) && !q.at(c.after()).correct(Scorer.M1);
    }

    ScoredCell right() {
        return question.at(before);
    }

    ScoredCell wrong() {
        return question.at(after);
    }

    /** Characters that both thinkings have in common. */
    int turn() {
        return Utf16.commonPrefix(right().outcome().thinking(), wrong().outcome().thinking());
    }
}
