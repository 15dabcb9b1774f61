package dev.m1;

import java.util.List;
import java.util.Map;

/**
 * The results of a whole grid from one pass. Each cell is what {@link Reasoner#reason} gives for its budget and Waits,
 * token for token; a cell's {@link Usage} counts what that separate run costs.
 *
 * @param grid the cells
 * @param cells results by budget and Waits
 * @param ledger what the pass cost, beside what separate runs cost
 */
public record BudgetSweep(BudgetGrid grid, Map<Cell, ReasoningResult> cells, Ledger ledger) {
    /** One point of the grid. */
    public record Cell(int budget, int waits) {}

    /**
     * Tokens through the decoder.
     *
     * @param fed in this pass
     * @param separate by separate runs of all cells
     * @param answers distinct answers that were decoded for the cells
     */
    public record Ledger(long fed, long separate, int answers) {
        /** How many times fewer tokens the pass fed. */
        public double saving() {
            return (double) separate / fed;
        }
    }

    public BudgetSweep {
        cells = Map.copyOf(cells);
    }

    /**
     * The result of a cell.
     *
     * @throws IllegalArgumentException if the grid does not have it
     */
    public ReasoningResult result(int budget, int waits) {
        ReasoningResult r = cells.get(new Cell(budget, waits));
        if (r == null) {
            throw new IllegalArgumentException(
                    "no cell of budget " + budget + " and waits " + waits + " in the grid " + grid);
        }
        return r;
    }

    /** Results of one number of Waits, by ascending budget. */
    public List<ReasoningResult> row(int waits) {
        return grid.budgets().stream().map(b -> result(b, waits)).toList();
    }
}
