package dev.m1.bench.peers;

import dev.m1.bench.runner.Spread;
import dev.m1.bench.runner.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Engines side by side: medians, ranges, and how many times as fast as m1 each is. */
final class PeerTable {
    /** The engine the others are related to. */
    static final String REFERENCE = "m1";

    private PeerTable() {}

    /** The table; engines that were asked for but not there are named below it. */
    static String of(List<PeerSample> samples, List<String> absent) {
        Map<String, List<PeerSample>> byPeer = new LinkedHashMap<>();
        samples.forEach(
                s -> byPeer.computeIfAbsent(s.peer(), p -> new ArrayList<>()).add(s));
        List<PeerSample> ours = byPeer.getOrDefault(REFERENCE, List.of());
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {
            "engine", "prompt", "prompt tok/s", "low–high", "x m1", "new", "decode tok/s", "low–high", "x m1", "runs"
        });
        byPeer.forEach((peer, runs) -> {
            List<String> row = new ArrayList<>();
            row.add(peer);
            row.add(Integer.toString(runs.get(0).promptTokens()));
            row.addAll(columns(runs, ours, PeerSample::promptTokensPerSecond));
            row.add(Integer.toString(runs.get(0).newTokens()));
            row.addAll(columns(runs, ours, PeerSample::decodeTokensPerSecond));
            row.add(Integer.toString(runs.size()));
            rows.add(row.toArray(String[]::new));
        });
        StringBuilder text = new StringBuilder(TextTable.of(rows));
        absent.forEach(peer -> text.append("\nabsent: ").append(peer));
        return text.toString();
    }

    private static List<String> columns(
            List<PeerSample> runs, List<PeerSample> ours, ToDoubleFunction<PeerSample> rate) {
        Spread s = spread(runs, rate);
        String ratio = ours.isEmpty()
                ? ""
                : number("%.2f", s.median() / spread(ours, rate).median());
        return List.of(number("%.1f", s.median()), number("%.1f", s.low()) + "–" + number("%.1f", s.high()), ratio);
    }

    private static Spread spread(List<PeerSample> runs, ToDoubleFunction<PeerSample> rate) {
        return Spread.of("tok/s", runs.stream().mapToDouble(rate).toArray());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
