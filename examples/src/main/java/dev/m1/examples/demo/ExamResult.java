package dev.m1.examples.demo;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.FlipTable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one checkpoint made of an exam, over a grid of budgets and Waits.
 *
 * @param checkpoint its name
 * @param exam the questions
 * @param grid the budgets and Waits
 * @param verdicts by cell; first those with fewest Waits, by rising budget
 * @param fedTokens tokens that went through the model
 * @param separateTokens tokens that separate runs of all cells would have fed
 */
public record ExamResult(
        String checkpoint,
        Exam exam,
        BudgetGrid grid,
        Map<Cell, Verdicts> verdicts,
        long fedTokens,
        long separateTokens) {
    public ExamResult {
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    public Verdicts at(int budget, int waits) {
        return verdicts.get(new Cell(budget, waits));
    }

    /** The largest budget, at which Waits have room. */
    public int largestBudget() {
        return grid.budgets().getLast();
    }

    /** What a number of Waits does to the answers without any, at the largest budget. */
    public FlipTable flips(int waits) {
        return FlipTable.of(
                at(largestBudget(), 0).right(), at(largestBudget(), waits).right());
    }
}
