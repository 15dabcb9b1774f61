package dev.m1;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts votes. Of equals, the answer whose first voter has the lowest sample index leads: not the one that had its
 * votes first, so that the winner does not depend on which samples the load let finish first.
 */
final class Tally {
    private static final Comparator<Count> BEST_FIRST =
            Comparator.comparingInt(Count::votes).reversed().thenComparingInt(Count::first);

    private final Map<String, Count> counts = new LinkedHashMap<>();
    private int cast;

    /** Votes for an answer, and the lowest index among its voters. */
    private record Count(int votes, int first) {
        Count plus(Count other) {
            return new Count(votes + other.votes, Math.min(first, other.first));
        }
    }

    void add(String key, int sample) {
        counts.merge(key, new Count(1, sample), Count::plus);
        cast++;
    }

    /**
     * True if no answer, seen or not, can take the lead.
     *
     * @param toCome votes that may still come
     * @param lowest sample index among those that may still vote
     */
    boolean isDecided(int toCome, int lowest) {
        if (toCome == 0) {
            return true;
        }
        Optional<Map.Entry<String, Count>> best = best();
        if (best.isEmpty()) {
            return false;
        }
        Count leader = best.get().getValue();
        Count theRest = new Count(toCome, lowest);
        boolean seenOnesCannot = counts.entrySet().stream()
                .filter(e -> !e.getKey().equals(best.get().getKey()))
                .allMatch(e -> BEST_FIRST.compare(leader, e.getValue().plus(theRest)) < 0);
        return seenOnesCannot && BEST_FIRST.compare(leader, theRest) < 0;
    }

    Optional<String> leader() {
        return best().map(Map.Entry::getKey);
    }

    double agreement() {
        return best().map(e -> (double) e.getValue().votes / cast).orElse(0.0);
    }

    /** Votes by answer, the leader first. */
    Map<String, Integer> sorted() {
        Map<String, Integer> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(BEST_FIRST))
                .forEach(e -> sorted.put(e.getKey(), e.getValue().votes));
        return sorted;
    }

    private Optional<Map.Entry<String, Count>> best() {
        return counts.entrySet().stream().min(Map.Entry.comparingByValue(BEST_FIRST));
    }
}
