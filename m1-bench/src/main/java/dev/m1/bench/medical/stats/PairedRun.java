package dev.m1.bench.medical.stats;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One setting's verdicts.
 *
 * @param name of the setting, such as a budget
 * @param correct question's key to verdict
 */
public record PairedRun(String name, Map<String, Boolean> correct) {
    public PairedRun {
        Objects.requireNonNull(name, "name");
        correct = Collections.unmodifiableMap(new LinkedHashMap<>(correct));
    }

    /** Flips from this run to another over the same questions. */
    FlipTable flipsTo(PairedRun after) {
        if (!correct.keySet().equals(after.correct.keySet())) {
            throw new IllegalArgumentException("runs " + name + " and " + after.name + " answer different questions: "
                    + oneOnlyIn(this, after) + oneOnlyIn(after, this));
        }
        boolean[] from = new boolean[correct.size()];
        boolean[] to = new boolean[correct.size()];
        int i = 0;
        for (Map.Entry<String, Boolean> verdict : correct.entrySet()) {
            from[i] = verdict.getValue();
            to[i++] = after.correct.get(verdict.getKey());
        }
        return FlipTable.of(from, to);
    }

    private static String oneOnlyIn(PairedRun run, PairedRun other) {
        return run.correct.keySet().stream()
                .filter(key -> !other.correct.containsKey(key))
                .findFirst()
                .map(key -> "[" + key + " only in " + run.name + "]")
                .orElse("");
    }
}
