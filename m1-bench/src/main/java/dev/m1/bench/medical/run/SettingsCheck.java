package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.bench.medical.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the settings a run was made with to those it would be continued with. */
final class SettingsCheck {
    /** A model or a data file may be renamed or moved: what they hold is what counts. */
    private static final Set<String> MAY_DIFFER = Set.of("model.name", "data.name");

    private static final int MOST = 6; // fields named in a message
    private static final int LONGEST = 80; // characters of a value

    private SettingsCheck() {}

    /** A field that differs. */
    private record Difference(String field, JsonNode stored, JsonNode wanted) {
        @Override
        public String toString() {
            return field + " was " + shown(stored) + ", is now " + shown(wanted);
        }
    }

    /**
     * @throws DataException naming every field that differs, with both values
     */
    static void requireSame(Path file, JsonNode stored, JsonNode wanted) {
        List<Difference> differences = new ArrayList<>();
        collect("", stored, wanted, differences);
        if (differences.stream().allMatch(difference -> MAY_DIFFER.contains(difference.field))) {
            return;
        }
        String named = differences.stream().limit(MOST).map(Difference::toString).collect(Collectors.joining("; "));
        int left = differences.size() - MOST;
        throw new DataException(file + " was made with other settings: " + named
                + (left > 0 ? "; and " + left + " more" : ""));
    }

    private static void collect(String path, JsonNode stored, JsonNode wanted, List<Difference> differences) {
        if (stored.isObject() && wanted.isObject()) {
            Set<String> names = new LinkedHashSet<>();
            wanted.fieldNames().forEachRemaining(names::add);
            stored.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String inner = path.isEmpty() ? name : path + "." + name;
                collect(inner, stored.path(name), wanted.path(name), differences);
            }
        } else if (!sameValue(stored, wanted)) {
            differences.add(new Difference(path, stored, wanted));
        }
    }

    /** A number that was read back may have another width than the one that was written. */
    private static boolean sameValue(JsonNode stored, JsonNode wanted) {
        return stored.equals(wanted) || (!stored.isMissingNode() && stored.toString().equals(wanted.toString()));
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "not given";
        }
        String text = value.toString();
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
