package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import java.util.ArrayList;
import java.util.List;

/** What appended Waits change. */
final class WaitSection {
    private WaitSection() {}

    static void write(Html html, RunStatistics s) {
        List<Integer> waits = s.run().grid().waits();
        if (waits.size() < 2) {
            return;
        }
        html.element("h2", "Waits", "id", "waits");
        html.element(
                "p",
                "“" + s.run().run().settings().path("decoding").path("waitText").asText("Wait")
                        + "” is appended when the thinking ends by itself below the budget, up to so many times.");
        List<String> budgets = s.run().grid().budgets().stream().map(String::valueOf).toList();
        Chart.legend(html, waits.stream().map(Format::waits).toList());
        html.open("div", "class", "charts");
        for (Scorer scorer : Scorer.values()) {
            List<LineChart.Line> lines = new ArrayList<>();
            for (int w : waits) {
                lines.add(new LineChart.Line(
                        Format.waits(w),
                        s.run().grid().budgets().stream()
                                .map(b -> s.at(scorer, new Cell(b, w)).overall().accuracy())
                                .toList(),
                        List.of()));
            }
            LineChart.draw(html, "All questions, " + scorer.title(), "thinking budget, tokens", budgets, lines);
        }
        html.close().line();
        html.element("h3", "Accuracy in percent, m1 scorer / strict scorer");
        List<String> header = new ArrayList<>(List.of("budget"));
        waits.forEach(w -> header.add(Format.waits(w)));
        Table table = Table.open(html, header);
        for (int budget : s.run().grid().budgets()) {
            List<String> row = new ArrayList<>();
            for (int w : waits) {
                Cell cell = new Cell(budget, w);
                row.add(Format.percent(s.at(Scorer.M1, cell).overall().accuracy()) + " / "
                        + Format.percent(s.at(Scorer.STRICT, cell).overall().accuracy()));
            }
            table.row(String.valueOf(budget), row);
        }
        table.close();
        html.element("h3", "Answers that Waits changed");
        html.element(
                "p",
                "Each number of Waits against " + Format.waits(waits.getFirst())
                        + " at the same budget: McNemar's exact test (mid-p), corrected by Holm over all rows of a"
                        + " scorer.");
        for (Scorer scorer : Scorer.values()) {
            FlipSection.table(html, BudgetSection.title(scorer), s.waitSteps().get(scorer), true);
        }
    }
}
