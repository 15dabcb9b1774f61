package dev.m1.bench.medical.compare;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.report.ScoredQuestion;
import dev.m1.bench.medical.report.Scorer;
import dev.m1.bench.medical.stats.FlipTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Every run against the first, in every cell they share.
 *
 * @param runs the runs and their common questions
 * @param scorer whose verdicts are compared
 * @param pairs one for each other run and cell
 */
public record RunComparison(AlignedRuns runs, Scorer scorer, List<Pair> pairs) {
    /**
     * Two runs in one cell each.
     *
     * @param before place of the run compared with
     * @param after place of the other
     * @param cellBefore its cell
     * @param cellAfter the other's
     * @param overall all questions; its p is corrected over all pairs
     * @param bySource each source; corrected over the sources
     * @param byLength questions from short to long; corrected over these
     */
    public record Pair(
            int before,
            int after,
            Cell cellBefore,
            Cell cellAfter,
            Gain overall,
            List<Gain> bySource,
            List<Gain> byLength) {}

    /** What is compared with what, before it is. */
    private record Plan(int after, Cell cellBefore, Cell cellAfter) {}

    /**
     * Compares in every cell that all runs have.
     *
     * @param quantiles groups of questions by length
     * @throws DataException if there is no such cell; says which ones each run has
     */
    public static RunComparison of(AlignedRuns runs, Scorer scorer, int quantiles) {
        List<Cell> cells = runs.runs().getFirst().cells().stream()
                .filter(cell -> runs.runs().stream().allMatch(run -> run.cells().contains(cell)))
                .toList();
        if (cells.isEmpty()) {
            throw new DataException("the runs share no cell (budget and Waits): "
                    + IntStream.range(0, runs.names().size())
                            .mapToObj(i -> runs.names().get(i) + " has budgets "
                                    + runs.runs().get(i).grid().budgets() + " and Waits "
                                    + runs.runs().get(i).grid().waits())
                            .collect(Collectors.joining(", ")));
        }
        List<Plan> plans = new ArrayList<>();
        for (int after = 1; after < runs.runs().size(); after++) {
            for (Cell cell : cells) {
                plans.add(new Plan(after, cell, cell));
            }
        }
        return compare(runs, scorer, quantiles, plans);
    }

    /**
     * Compares each run in a cell of its own.
     *
     * @param cells one for each run
     * @throws DataException if a run lacks its cell
     */
    public static RunComparison of(AlignedRuns runs, Scorer scorer, int quantiles, List<Cell> cells) {
        if (cells.size() != runs.runs().size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + runs.runs().size() + " runs");
        }
        for (int i = 0; i < cells.size(); i++) {
            if (!runs.runs().get(i).cells().contains(cells.get(i))) {
                throw new DataException(runs.names().get(i) + " has no cell of budget " + cells.get(i).budget()
                        + " and " + cells.get(i).waits() + " Waits: its budgets are "
                        + runs.runs().get(i).grid().budgets()
                        + ", its Waits " + runs.runs().get(i).grid().waits());
            }
        }
        List<Plan> plans = IntStream.range(1, cells.size())
                .mapToObj(after -> new Plan(after, cells.getFirst(), cells.get(after)))
                .toList();
        return compare(runs, scorer, quantiles, plans);
    }

    private static RunComparison compare(AlignedRuns runs, Scorer scorer, int quantiles, List<Plan> plans) {
        Map<String, List<Integer>> bySource = groups(runs, MedicalItem::source);
        Map<String, List<Integer>> byLength = LengthGroups.of(
                runs.questions().getFirst().stream().map(ScoredQuestion::item).toList(), quantiles);
        Map<String, FlipTable> all = new LinkedHashMap<>();
        for (Plan plan : plans) {
            List<Integer> everyone = IntStream.range(0, runs.size()).boxed().toList();
            all.put(String.valueOf(all.size()), flips(runs, scorer, plan, everyone));
        }
        List<Gain> overall = Gain.family(all);
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            Plan plan = plans.get(i);
            Gain gain = overall.get(i);
            pairs.add(new Pair(
                    0,
                    plan.after,
                    plan.cellBefore,
                    plan.cellAfter,
                    new Gain("all", gain.flips(), gain.interval(), gain.test(), gain.holmP()),
                    gains(runs, scorer, plan, bySource),
                    gains(runs, scorer, plan, byLength)));
        }
        return new RunComparison(runs, scorer, pairs);
    }

    private static List<Gain> gains(
            AlignedRuns runs, Scorer scorer, Plan plan, Map<String, List<Integer>> groups) {
        Map<String, FlipTable> flips = new LinkedHashMap<>();
        groups.forEach((group, places) -> flips.put(group, flips(runs, scorer, plan, places)));
        return Gain.family(flips);
    }

    private static FlipTable flips(AlignedRuns runs, Scorer scorer, Plan plan, List<Integer> places) {
        return FlipTable.of(
                verdicts(runs.questions().getFirst(), plan.cellBefore, scorer, places),
                verdicts(runs.questions().get(plan.after), plan.cellAfter, scorer, places));
    }

    private static boolean[] verdicts(List<ScoredQuestion> questions, Cell cell, Scorer scorer, List<Integer> places) {
        boolean[] verdicts = new boolean[places.size()];
        for (int i = 0; i < verdicts.length; i++) {
            verdicts[i] = questions.get(places.get(i)).at(cell).correct(scorer);
        }
        return verdicts;
    }

    private static Map<String, List<Integer>> groups(AlignedRuns runs, Function<MedicalItem, String> key) {
        List<ScoredQuestion> questions = runs.questions().getFirst();
        return IntStream.range(0, runs.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> key.apply(questions.get(i).item()), LinkedHashMap::new, Collectors.toList()));
    }
}
