package dev.m1.bench.medical.report;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.run.StoredRun;
import java.util.List;

/**
 * A run with every answer scored.
 *
 * @param run as its file holds it
 * @param grid budgets and Waits
 * @param questions in the run's order
 */
public record ScoredRun(StoredRun run, BudgetGrid grid, List<ScoredQuestion> questions) {
    public ScoredRun {
        questions = List.copyOf(questions);
    }

    /** Scores all answers, several at a time. */
    public static ScoredRun of(StoredRun run) {
        List<Cell> cells = cells(run.grid());
        return new ScoredRun(
                run,
                run.grid(),
                run.results().parallelStream()
                        .map(result -> ScoredQuestion.of(result, cells))
                        .toList());
    }

    /** Every cell, by Waits, then by budget. */
    public List<Cell> cells() {
        return cells(grid);
    }

    private static List<Cell> cells(BudgetGrid grid) {
        return grid.waits().stream()
                .flatMap(waits -> grid.budgets().stream().map(budget -> new Cell(budget, waits)))
                .toList();
    }

    /** Sources, in the run's order. */
    public List<String> sources() {
        return questions.stream().map(q -> q.item().source()).distinct().toList();
    }

    /** Verdicts on one cell, in the order of the questions. */
    boolean[] verdicts(Cell cell, Scorer scorer) {
        boolean[] verdicts = new boolean[questions.size()];
        for (int i = 0; i < verdicts.length; i++) {
            verdicts[i] = questions.get(i).at(cell).correct(scorer);
        }
        return verdicts;
    }
}
