package dev.m1.bench.synthetic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Byte-pair encoding learned from a list of words (Sennrich et al., arXiv 1508.07909): the pair that occurs most often
 * becomes a token, again and again. Encoding applies the merges in this order, so every learned word is one token.
 */
final class BpeTraining {
    /** Two neighbouring tokens that become one. */
    record Merge(String left, String right) {}

    private BpeTraining() {}

    /** At most {@code limit} merges, in order; of equally frequent pairs the one that is first in the alphabet. */
    static List<Merge> merges(List<List<String>> words, int limit) {
        List<List<String>> pieces = new ArrayList<>(words);
        List<Merge> merges = new ArrayList<>();
        while (merges.size() < limit) {
            Map<Merge, Integer> counts = new HashMap<>();
            for (List<String> word : pieces) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge(new Merge(word.get(i), word.get(i + 1)), 1, Integer::sum);
                }
            }
            if (counts.isEmpty()) {
                break;
            }
            Merge best = counts.keySet().stream()
                    .min(Comparator.comparing((Merge m) -> -counts.get(m))
                            .thenComparing(Merge::left)
                            .thenComparing(Merge::right))
                    .orElseThrow();
            merges.add(best);
            pieces.replaceAll(word -> merged(word, best));
        }
        return merges;
    }

    private static List<String> merged(List<String> word, Merge merge) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < word.size(); i++) {
            boolean here = i + 1 < word.size()
                    && word.get(i).equals(merge.left())
                    && word.get(i + 1).equals(merge.right());
            result.add(here ? merge.left() + merge.right() : word.get(i));
            i += here ? 1 : 0;
        }
        return result;
    }
}
