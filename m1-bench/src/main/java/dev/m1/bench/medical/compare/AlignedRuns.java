package dev.m1.bench.medical.compare;

import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.report.ScoredQuestion;
import dev.m1.bench.medical.report.ScoredRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Several runs, restricted to the questions that all of them answered. Questions are the same if source, place, text,
 * options and right answer are.
 *
 * @param names of the runs, each once
 * @param runs as they are
 * @param questions of each run, in the same order for all
 * @param left questions of each run that another one lacks
 */
public record AlignedRuns(
        List<String> names, List<ScoredRun> runs, List<List<ScoredQuestion>> questions, List<Integer> left) {

    /**
     * @throws DataException if the runs have no question in common
     */
    public static AlignedRuns of(List<ScoredRun> runs) {
        if (runs.size() < 2) {
            throw new IllegalArgumentException("a comparison needs at least 2 runs, got " + runs.size());
        }
        List<Map<MedicalItem, ScoredQuestion>> byItem = new ArrayList<>();
        for (ScoredRun run : runs) {
            Map<MedicalItem, ScoredQuestion> items = new LinkedHashMap<>();
            run.questions().forEach(q -> items.put(q.item(), q));
            byItem.add(items);
        }
        List<MedicalItem> common = byItem.getFirst().keySet().stream()
                .filter(item -> byItem.stream().allMatch(items -> items.containsKey(item)))
                .toList();
        if (common.isEmpty()) {
            throw new DataException("the runs have no question in common: "
                    + example(runs.get(0)) + ", " + example(runs.get(1)));
        }
        List<List<ScoredQuestion>> questions = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (Map<MedicalItem, ScoredQuestion> items : byItem) {
            questions.add(common.stream().map(items::get).toList());
            left.add(items.size() - common.size());
        }
        return new AlignedRuns(names(runs), List.copyOf(runs), questions, left);
    }

    private static String example(ScoredRun run) {
        return run.run().name() + " holds " + run.questions().size() + " of "
                + run.run().settings().path("data").path("name").asText();
    }

    /** The folders' names; those that occur twice get a number. */
    private static List<String> names(List<ScoredRun> runs) {
        Map<String, Integer> seen = new HashMap<>();
        List<String> names = new ArrayList<>();
        for (ScoredRun run : runs) {
            int times = seen.merge(run.run().name(), 1, Integer::sum);
            names.add(times == 1 ? run.run().name() : run.run().name() + " (" + times + ")");
        }
        return names;
    }

    /** Questions that are compared. */
    public int size() {
        return questions.getFirst().size();
    }
}
