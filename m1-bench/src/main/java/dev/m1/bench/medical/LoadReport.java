package dev.m1.bench.medical;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What loading a file of questions found.
 *
 * @param read items in the file
 * @param kept items that can be asked
 * @param counts items with each problem; an item may have several, those that were dropped count once
 * @param examples the first items with each problem, by file, source and place
 */
public record LoadReport(int read, int kept, Map<ItemProblem, Integer> counts, List<String> examples) {
    public LoadReport {
        Map<ItemProblem, Integer> copy = new EnumMap<>(ItemProblem.class);
        copy.putAll(counts);
        counts = Collections.unmodifiableMap(copy);
        examples = List.copyOf(examples);
    }

    /** Items left out. */
    public int dropped() {
        return read - kept;
    }

    /** One line for people: what was read, dropped and noticed. */
    public String summary() {
        return "%d items read, %d kept, %d dropped%s; kept in spite of%s"
                .formatted(read, kept, dropped(), listed(true), listed(false));
    }

    private String listed(boolean drops) {
        String list = counts.entrySet().stream()
                .filter(problem -> problem.getKey().drops() == drops)
                .map(problem -> problem.getKey().description() + ": " + problem.getValue())
                .collect(Collectors.joining(", "));
        return list.isEmpty() ? (drops ? "" : " nothing") : drops ? " (" + list + ")" : " " + list;
    }
}
