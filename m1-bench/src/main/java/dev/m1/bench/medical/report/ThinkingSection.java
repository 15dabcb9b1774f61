package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.TokenSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How long the model thought. */
final class ThinkingSection {
    private static final int BINS = 20;

    private ThinkingSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "Thinking length", "id", "thinking");
        Optional<TokenSummary> longest = Optional.ofNullable(s.thinking().get(s.mainCell()));
        if (longest.isEmpty() || longest.get().max() == 0) {
            html.element("p", "Nothing was thought in this run.");
            return;
        }
        html.open("div", "class", "charts");
        histogram(html, s, longest.get());
        html.close().line();
        html.element(
                "p",
                "Sampled tokens of the thinking; what the protocol puts in (markers, Waits) is not counted. “Cut” are"
                        + " those that the budget, or the context’s room for it, ended.");
        Table table = Table.open(
                html, "cell", "answers", "mean", "minimum", "quartile", "median", "quartile", "maximum", "cut %");
        boolean withWaits = s.run().grid().waits().size() > 1;
        s.thinking().forEach((cell, t) -> row(table, Format.cell(cell, withWaits), t));
        table.close();
        if (s.run().sources().size() > 1) {
            html.element("h3", "By source, " + Format.cell(s.mainCell(), withWaits));
            Table sources = Table.open(
                    html, "source", "answers", "mean", "minimum", "quartile", "median", "quartile", "maximum", "cut %");
            for (String source : s.run().sources()) {
                List<ScoredQuestion> questions = s.run().questions().stream()
                        .filter(q -> q.item().source().equals(source))
                        .toList();
                RunStatistics.thinking(questions, s.mainCell()).ifPresent(t -> row(sources, source, t));
            }
            sources.close();
        }
    }

    private static void row(Table table, String name, TokenSummary t) {
        table.row(
                name,
                Format.whole(t.n()),
                Format.whole(t.mean()),
                Format.whole(t.min()),
                Format.whole(t.lowerQuartile()),
                Format.whole(t.median()),
                Format.whole(t.upperQuartile()),
                Format.whole(t.max()),
                Format.percent(t.shareCut()));
    }

    private static void histogram(Html html, RunStatistics s, TokenSummary longest) {
        Cell cell = s.mainCell();
        Scale x = Scale.around(0, longest.max(), 1);
        int width = (int) Math.max(1, Math.ceil(x.high() / BINS));
        int bins = (int) longest.max() / width + 1;
        Integer[] counts = new Integer[bins];
        Arrays.fill(counts, 0);
        s.run().questions().stream()
                .map(q -> q.at(cell).outcome())
                .filter(outcome -> outcome != null)
                .forEach(outcome -> counts[outcome.thinkingTokens() / width]++);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < bins; i++) {
            labels.add(String.valueOf(i * width));
        }
        BarChart.draw(
                html,
                "Length of the thinking, " + Format.cell(cell, s.run().grid().waits().size() > 1),
                "tokens, from … (bars of " + width + ")",
                labels,
                List.of(new BarChart.Bars("questions", Arrays.asList(counts))));
    }
}
