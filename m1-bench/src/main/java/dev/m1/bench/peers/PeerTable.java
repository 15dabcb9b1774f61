package dev.m1.bench.peers;

import dev.m1.bench.runner.Spread;
import java.util.Locale;

/** A comparison as Markdown: medians, ranges, and how many times as fast as the first engine each is. */
final class PeerTable {
    private PeerTable() {}

    static String of(PeerResults r) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%s, %s, %d threads, %s; %d new tokens, %d rounds after %d repetitions to warm up.",
                r.settings().model(),
                r.machine().cpu(),
                r.settings().threads(),
                r.commit(),
                r.settings().newTokens(),
                r.settings().rounds(),
                r.settings().warmup()));
        if (r.readBandwidth() != null) {
            text.append(" Read bandwidth ").append(span(r.readBandwidth(), "%.1f")).append(" GB/s.");
        }
        text.append("\n\n| engine | prompt | prompt tok/s | of m1 | decode tok/s | of m1 |\n")
                .append("|---|---|---|---|---|---|\n");
        for (int prompt : r.settings().prompts()) {
            for (PeerResults.Engine engine : r.engines()) {
                engine.summaries().stream()
                        .filter(s -> s.prompt() == prompt)
                        .forEach(s -> text.append(String.format(
                                "| %s | %d | %s | %s | %s | %s |%n",
                                engine.label(),
                                prompt,
                                span(s.promptRate(), "%.1f"),
                                span(s.promptOfFirst(), "%.2f"),
                                span(s.decodeRate(), "%.1f"),
                                span(s.decodeOfFirst(), "%.2f"))));
            }
        }
        for (PeerResults.Engine engine : r.engines()) {
            if (engine.idleCpu() > PeerRounds.IDLE_LIMIT) {
                text.append(String.format(
                        Locale.ROOT,
                        "%nnot idle between its turns: %s used %.0f %% of a processor",
                        engine.label(),
                        100 * engine.idleCpu()));
            }
        }
        r.absent().forEach(engine -> text.append("\nabsent: ").append(engine));
        return text.toString();
    }

    private static String span(Spread s, String format) {
        if (s == null) {
            return "";
        }
        String median = String.format(Locale.ROOT, format, s.median());
        return s.samples() == 1
                ? median
                : median + String.format(Locale.ROOT, " (" + format + "–" + format + ")", s.low(), s.high());
    }
}
