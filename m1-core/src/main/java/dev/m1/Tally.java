package dev.m1;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts votes; of equals, the answer that had its votes first leads. */
final class Tally {
    private final Map<String, Integer> votes = new LinkedHashMap<>();
    private String leader;
    private int cast;

    void add(String key) {
        int count = votes.merge(key, 1, Integer::sum);
        cast++;
        if (leader == null || count > votes.get(leader)) {
            leader = key;
        }
    }

    /** True if no answer, seen or not, can overtake the leader with so many votes to come. */
    boolean isDecided(int toCome) {
        if (leader == null) {
            return toCome == 0;
        }
        int second = votes.entrySet().stream()
                .filter(e -> !e.getKey().equals(leader))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
        return votes.get(leader) >= second + toCome; // a tie does not overtake
    }

    Optional<String> leader() {
        return Optional.ofNullable(leader);
    }

    double agreement() {
        return leader == null ? 0 : (double) votes.get(leader) / cast;
    }

    /** The leader first, then by votes, then by who came first. */
    Map<String, Integer> sorted() {
        Map<String, Integer> sorted = new LinkedHashMap<>();
        if (leader != null) {
            sorted.put(leader, votes.get(leader));
        }
        votes.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(e -> sorted.putIfAbsent(e.getKey(), e.getValue()));
        return sorted;
    }
}
