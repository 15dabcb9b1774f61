package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.run.CellOutcome;
import dev.m1.bench.medical.run.QuestionResult;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A question with its scored answers.
 *
 * @param result as it was recorded
 * @param cells one for each cell of the grid
 */
public record ScoredQuestion(QuestionResult result, Map<Cell, ScoredCell> cells) {
    public ScoredQuestion {
        cells = Collections.unmodifiableMap(new LinkedHashMap<>(cells));
    }

    /** Scores each distinct answer once. */
    static ScoredQuestion of(QuestionResult result, List<Cell> grid) {
        Map<CellOutcome, ScoredCell> scored = new LinkedHashMap<>();
        Map<Cell, ScoredCell> cells = new LinkedHashMap<>();
        for (Cell cell : grid) {
            CellOutcome outcome = result.cells().get(cell);
            cells.put(
                    cell,
                    outcome == null
                            ? ScoredCell.of(result.item(), null)
                            : scored.computeIfAbsent(outcome, o -> ScoredCell.of(result.item(), o)));
        }
        return new ScoredQuestion(result, cells);
    }

    public MedicalItem item() {
        return result.item();
    }

    /** The answer in a cell of the grid. */
    public ScoredCell at(Cell cell) {
        return cells.get(cell);
    }
}
