package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.MacroAverage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Accuracy in one cell of the grid under one scorer.
 *
 * @param overall all questions alike
 * @param bySource each source by itself
 * @param macro unweighted mean over the sources
 */
public record CellStatistics(GroupStatistics overall, Map<String, GroupStatistics> bySource, MacroAverage macro) {
    public CellStatistics {
        bySource = Collections.unmodifiableMap(new LinkedHashMap<>(bySource));
    }

    static CellStatistics of(ScoredRun run, Cell cell, Scorer scorer, int replicates, long seed) {
        Map<String, List<ScoredQuestion>> groups = run.questions().stream()
                .collect(Collectors.groupingBy(q -> q.item().source(), LinkedHashMap::new, Collectors.toList()));
        Map<String, GroupStatistics> bySource = new LinkedHashMap<>();
        groups.forEach((source, questions) -> bySource.put(source, GroupStatistics.of(questions, cell, scorer)));
        MacroAverage macro = MacroAverage.of(
                run.questions().stream()
                        .map(q -> GroupStatistics.outcome(q, cell, scorer))
                        .toList(),
                replicates,
                seed);
        return new CellStatistics(GroupStatistics.of(run.questions(), cell, scorer), bySource, macro);
    }
}
