package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.FlipTable;
import dev.m1.bench.medical.stats.Holm;
import dev.m1.bench.medical.stats.McNemar;
import java.util.ArrayList;
import java.util.List;

/**
 * Two cells of one run over the same questions, as one of a family of tests.
 *
 * @param before the cell compared with
 * @param after the other
 * @param flips what changed
 * @param test McNemar's
 * @param holmP the test's mid-p, corrected over the family
 */
public record CellComparison(Cell before, Cell after, FlipTable flips, McNemar test, double holmP) {

    /** Every budget with the next, at the fewest Waits: one family. */
    static List<CellComparison> ofBudgets(ScoredRun run, Scorer scorer) {
        int waits = run.grid().waits().getFirst();
        List<Integer> budgets = run.grid().budgets();
        List<Cell[]> pairs = new ArrayList<>();
        for (int i = 1; i < budgets.size(); i++) {
            pairs.add(new Cell[] {new Cell(budgets.get(i - 1), waits), new Cell(budgets.get(i), waits)});
        }
        return family(run, scorer, pairs);
    }

    /** The fewest Waits with each other number, at every budget: one family. */
    static List<CellComparison> ofWaits(ScoredRun run, Scorer scorer) {
        List<Integer> waits = run.grid().waits();
        List<Cell[]> pairs = new ArrayList<>();
        for (int budget : run.grid().budgets()) {
            for (int more : waits.subList(1, waits.size())) {
                pairs.add(new Cell[] {new Cell(budget, waits.getFirst()), new Cell(budget, more)});
            }
        }
        return family(run, scorer, pairs);
    }

    private static List<CellComparison> family(ScoredRun run, Scorer scorer, List<Cell[]> pairs) {
        List<FlipTable> flips = pairs.stream()
                .map(pair -> FlipTable.of(run.verdicts(pair[0], scorer), run.verdicts(pair[1], scorer)))
                .toList();
        List<McNemar> tests = flips.stream().map(McNemar::of).toList();
        double[] holm = Holm.adjust(tests.stream().mapToDouble(McNemar::midP).toArray());
        List<CellComparison> family = new ArrayList<>();
        for (int i = 0; i < holm.length; i++) {
            family.add(new CellComparison(pairs.get(i)[0], pairs.get(i)[1], flips.get(i), tests.get(i), holm[i]));
        }
        return family;
    }
}
