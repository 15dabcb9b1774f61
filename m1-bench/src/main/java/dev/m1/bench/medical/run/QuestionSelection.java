package dev.m1.bench.medical.run;

import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalData;
import dev.m1.bench.medical.MedicalItem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which questions of a file are asked.
 *
 * @param sources names of sources; empty = all
 * @param limit most questions; taken from the sources in turn, or, if shuffled, the first of the shuffled list
 * @param shuffleSeed seed of {@link Random} for the order; empty = the file's order
 */
public record QuestionSelection(List<String> sources, OptionalInt limit, OptionalLong shuffleSeed) {
    /** Every question, in the order of the file. */
    public static final QuestionSelection ALL =
            new QuestionSelection(List.of(), OptionalInt.empty(), OptionalLong.empty());

    public QuestionSelection {
        sources = List.copyOf(new LinkedHashSet<>(sources));
        if (limit.isPresent() && limit.getAsInt() < 1) {
            throw new IllegalArgumentException("limit must be >= 1, got " + limit.getAsInt());
        }
    }

    /**
     * @throws DataException if the file lacks a source, or nothing is left to ask
     */
    public List<MedicalItem> of(MedicalData data) {
        Map<String, List<MedicalItem>> bySource = data.bySource();
        Set<String> missing = new TreeSet<>(sources);
        missing.removeAll(bySource.keySet());
        if (!missing.isEmpty()) {
            throw new DataException("no source " + missing + " among the questions, only " + bySource.keySet());
        }
        if (!sources.isEmpty()) {
            bySource.keySet().retainAll(sources);
        }
        List<MedicalItem> items = new ArrayList<>();
        if (shuffleSeed.isPresent() || limit.isEmpty()) {
            bySource.values().forEach(items::addAll);
        } else {
            items.addAll(inTurn(List.copyOf(bySource.values()), limit.getAsInt()));
        }
        shuffleSeed.ifPresent(seed -> Collections.shuffle(items, new Random(seed)));
        if (items.isEmpty()) {
            throw new DataException("the data holds no question that can be asked: " + data.report().summary());
        }
        return List.copyOf(items.subList(0, Math.min(items.size(), limit.orElse(items.size()))));
    }

    /** One of each source, then the next of each, so that a small sample holds all of them. */
    private static List<MedicalItem> inTurn(List<List<MedicalItem>> sources, int limit) {
        List<MedicalItem> taken = new ArrayList<>();
        int most = sources.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < most && taken.size() < limit; i++) {
            for (List<MedicalItem> source : sources) {
                if (i < source.size() && taken.size() < limit) {
                    taken.add(source.get(i));
                }
            }
        }
        return taken;
    }
}
