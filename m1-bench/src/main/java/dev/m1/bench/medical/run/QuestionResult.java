package dev.m1.bench.medical.run;

import dev.m1.BudgetSweep;
import dev.m1.BudgetSweep.Cell;
import dev.m1.ReasoningResult;
import dev.m1.bench.medical.MedicalItem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A question and what came of it in every cell of the grid.
 *
 * @param item the question
 * @param cells by Waits, then budget; cells whose thinking ended the same way share one outcome. Empty after a failure.
 * @param promptTokens ids of the rendered prompt
 * @param fedTokens ids that went through the model for all cells
 * @param separateTokens ids that separate runs of the cells would have fed
 * @param seconds wall time, beside the other questions that ran at the same time
 * @param failure why it could not be asked; null if it was
 */
public record QuestionResult(
        MedicalItem item,
        Map<Cell, CellOutcome> cells,
        int promptTokens,
        long fedTokens,
        long separateTokens,
        double seconds,
        String failure) {

    public QuestionResult {
        Objects.requireNonNull(item, "item");
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    }

    static QuestionResult of(MedicalItem item, BudgetSweep sweep, double seconds) {
        Map<Cell, CellOutcome> cells = new LinkedHashMap<>();
        Map<CellOutcome, CellOutcome> distinct = new LinkedHashMap<>();
        int promptTokens = 0;
        for (int waits : sweep.grid().waits()) {
            for (int budget : sweep.grid().budgets()) {
                ReasoningResult result = sweep.result(budget, waits);
                CellOutcome outcome = CellOutcome.of(result);
                cells.put(new Cell(budget, waits), distinct.computeIfAbsent(outcome, same -> same));
                promptTokens = result.usage().promptTokens();
            }
        }
        BudgetSweep.Ledger ledger = sweep.ledger();
        return new QuestionResult(item, cells, promptTokens, ledger.fed(), ledger.separate(), seconds, null);
    }

    static QuestionResult failed(MedicalItem item, String failure) {
        return new QuestionResult(item, Map.of(), 0, 0, 0, 0, Objects.requireNonNull(failure, "failure"));
    }
}
