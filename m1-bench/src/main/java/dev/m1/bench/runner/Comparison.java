package dev.m1.bench.runner;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two results files side by side.
 *
 * @param changes measurements that both have, in the second file's order
 * @param missing keys that only the first has
 * @param added keys that only the second has
 */
public record Comparison(List<Change> changes, List<String> missing, List<String> added) {
    /** A change beyond this is flagged. */
    public static final double THRESHOLD = 0.03;

    /**
     * One measurement in both.
     *
     * @param key which
     * @param before median of the first file
     * @param after median of the second
     * @param unit of both
     * @param speed how many times as fast the second is; above 1 is better, whatever the unit
     * @param withinSpread true if the two ranges overlap: the change may be noise
     */
    public record Change(String key, double before, double after, String unit, double speed, boolean withinSpread) {
        /** True if it got slower by more than the threshold. */
        @JsonProperty
        public boolean slower() {
            return speed < 1 - THRESHOLD;
        }

        /** True if it changed by more than the threshold. */
        @JsonProperty
        public boolean flagged() {
            return slower() || speed > 1 + THRESHOLD;
        }
    }

    /**
     * Compares.
     *
     * @throws ResultsException if a measurement has different units
     */
    public static Comparison of(Results before, Results after) {
        Map<String, Measurement> old = new HashMap<>();
        before.measurements().forEach(m -> old.put(m.key(), m));
        List<Change> changes = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (Measurement now : after.measurements()) {
            Measurement then = old.remove(now.key());
            if (then == null) {
                added.add(now.key());
            } else {
                changes.add(change(then, now));
            }
        }
        List<String> missing = before.measurements().stream()
                .map(Measurement::key)
                .filter(old::containsKey)
                .toList();
        return new Comparison(changes, missing, added);
    }

    private static Change change(Measurement then, Measurement now) {
        Spread a = then.score();
        Spread b = now.score();
        if (!a.unit().equals(b.unit()) || then.isRate() != now.isRate()) {
            throw new ResultsException(now.key() + " is in " + a.unit() + " (" + then.mode() + ") here and in "
                    + b.unit() + " (" + now.mode() + ") there");
        }
        double speed = now.isRate() ? b.median() / a.median() : a.median() / b.median();
        boolean overlap = a.low() <= b.high() && b.low() <= a.high();
        return new Change(now.key(), a.median(), b.median(), a.unit(), speed, overlap);
    }

    /** True if anything got slower by more than the threshold. */
    public boolean anySlower() {
        return changes.stream().anyMatch(Change::slower);
    }

    /** For programs. */
    public ObjectNode tree() {
        return new ObjectMapper().<ObjectNode>valueToTree(this).put("anySlower", anySlower());
    }

    /** For people. */
    public String table() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"benchmark", "before", "after", "unit", "speed", ""});
        for (Change c : changes) {
            String flag = !c.flagged() ? "" : c.slower() ? "SLOWER" : "faster";
            String doubt = c.flagged() && c.withinSpread() ? " (ranges overlap)" : "";
            rows.add(new String[] {
                c.key(),
                ResultsTable.number(c.before()),
                ResultsTable.number(c.after()),
                c.unit(),
                String.format(Locale.ROOT, "%.3f", c.speed()),
                flag + doubt
            });
        }
        StringBuilder text = new StringBuilder(TextTable.of(rows));
        missing.forEach(key -> text.append("\nonly before: ").append(key));
        added.forEach(key -> text.append("\nonly after: ").append(key));
        return text.toString();
    }
}
