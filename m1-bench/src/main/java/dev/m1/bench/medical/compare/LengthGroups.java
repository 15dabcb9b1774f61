package dev.m1.bench.medical.compare;

import dev.m1.bench.medical.MedicalItem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Questions in groups of about the same size, from short to long; questions of one length stay together. */
final class LengthGroups {
    private LengthGroups() {}

    /** Places of the items of each group; a group is named by its lengths, in characters of the stem. */
    static Map<String, List<Integer>> of(List<MedicalItem> items, int groups) {
        if (groups < 1) {
            throw new IllegalArgumentException("at least 1 group is needed, got " + groups);
        }
        int[] lengths = items.stream().mapToInt(item -> item.question().length()).toArray();
        List<Integer> ascending = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> lengths[i]))
                .toList();
        Map<String, List<Integer>> named = new LinkedHashMap<>();
        int from = 0;
        for (int g = 1; g <= groups && from < ascending.size(); g++) {
            int to = (int) Math.max(from + 1L, (long) ascending.size() * g / groups);
            while (to < ascending.size() && lengths[ascending.get(to)] == lengths[ascending.get(to - 1)]) {
                to++;
            }
            List<Integer> places = new ArrayList<>(ascending.subList(from, to));
            named.put(lengths[places.getFirst()] + "–" + lengths[places.getLast()] + " characters", places);
            from = to;
        }
        return named;
    }
}
