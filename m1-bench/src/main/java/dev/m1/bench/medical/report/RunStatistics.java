package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.ScorerAgreement;
import dev.m1.bench.medical.run.CellOutcome;
import dev.m1.bench.medical.stats.Agreement;
import dev.m1.bench.medical.stats.FirstCorrect;
import dev.m1.bench.medical.stats.TokenSummary;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything a report says in numbers.
 *
 * @param run the scored run
 * @param accuracy by scorer and cell
 * @param thinking lengths of the thinking by cell; no entry where no question could be asked
 * @param agreement of the two scorers by cell
 * @param budgetSteps each budget against the next
 * @param waitSteps Waits against none
 * @param firstCorrect at the fewest Waits
 * @param replicates of the bootstrap
 * @param seed of the bootstrap
 */
public record RunStatistics(
        ScoredRun run,
        Map<Scorer, Map<Cell, CellStatistics>> accuracy,
        Map<Cell, TokenSummary> thinking,
        Map<Cell, Agreement> agreement,
        Map<Scorer, List<CellComparison>> budgetSteps,
        Map<Scorer, List<CellComparison>> waitSteps,
        Map<Scorer, FirstCorrect> firstCorrect,
        int replicates,
        long seed) {
    /** Enough for the ends of an interval to be steady to a few percent of its length. */
    public static final int REPLICATES = 4000;

    /** Any number will do, as long as it stays the same. */
    private static final long SEED = 20250401;

    /** Of a run with at least one answer. */
    static RunStatistics of(ScoredRun run) {
        Map<Scorer, Map<Cell, CellStatistics>> accuracy = new EnumMap<>(Scorer.class);
        Map<Scorer, List<CellComparison>> budgets = new EnumMap<>(Scorer.class);
        Map<Scorer, List<CellComparison>> waits = new EnumMap<>(Scorer.class);
        Map<Scorer, FirstCorrect> first = new EnumMap<>(Scorer.class);
        for (Scorer scorer : Scorer.values()) {
            Map<Cell, CellStatistics> cells = new LinkedHashMap<>();
            List<CellStatistics> computed = run.cells().parallelStream()
                    .map(cell -> CellStatistics.of(run, cell, scorer, REPLICATES, SEED))
                    .toList();
            for (int i = 0; i < computed.size(); i++) {
                cells.put(run.cells().get(i), computed.get(i));
            }
            accuracy.put(scorer, cells);
            budgets.put(scorer, CellComparison.ofBudgets(run, scorer));
            waits.put(scorer, CellComparison.ofWaits(run, scorer));
            first.put(scorer, firstCorrect(run, scorer));
        }
        Map<Cell, TokenSummary> thinking = new LinkedHashMap<>();
        Map<Cell, Agreement> agreement = new LinkedHashMap<>();
        for (Cell cell : run.cells()) {
            thinking(run.questions(), cell).ifPresent(summary -> thinking.put(cell, summary));
            agreement.put(cell, agreement(run, cell));
        }
        return new RunStatistics(run, accuracy, thinking, agreement, budgets, waits, first, REPLICATES, SEED);
    }

    private static FirstCorrect firstCorrect(ScoredRun run, Scorer scorer) {
        SortedMap<Integer, boolean[]> sweep = new TreeMap<>();
        int waits = run.grid().waits().getFirst();
        run.grid().budgets().forEach(b -> sweep.put(b, run.verdicts(new Cell(b, waits), scorer)));
        return FirstCorrect.of(sweep);
    }

    private static Agreement agreement(ScoredRun run, Cell cell) {
        List<ScoredCell> cells = run.questions().stream().map(q -> q.at(cell)).toList();
        return ScorerAgreement.of(
                cells.stream().map(ScoredCell::m1).toList(),
                cells.stream().map(ScoredCell::strict).toList());
    }

    /** Lengths of the thinking in a cell; empty if no question could be asked. */
    static Optional<TokenSummary> thinking(List<ScoredQuestion> questions, Cell cell) {
        List<CellOutcome> asked = questions.stream()
                .map(q -> q.at(cell).outcome())
                .filter(outcome -> outcome != null)
                .toList();
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        boolean[] cut = new boolean[asked.size()];
        for (int i = 0; i < cut.length; i++) {
            cut[i] = asked.get(i).wasCut();
        }
        return Optional.of(TokenSummary.of(
                asked.stream().mapToInt(CellOutcome::thinkingTokens).toArray(), cut));
    }

    /** Accuracy of a cell. */
    public CellStatistics at(Scorer scorer, Cell cell) {
        return accuracy.get(scorer).get(cell);
    }

    /** The largest budget at the fewest Waits. */
    public Cell mainCell() {
        return new Cell(run.grid().budgets().getLast(), run.grid().waits().getFirst());
    }
}
