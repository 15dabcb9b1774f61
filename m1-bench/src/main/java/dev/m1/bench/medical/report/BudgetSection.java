package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.Interval;
import java.util.ArrayList;
import java.util.List;

/** Accuracy against the thinking budget, at the fewest Waits. */
final class BudgetSection {
    private BudgetSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "Accuracy by budget", "id", "budgets");
        html.element(
                "p",
                "Bands are 95 % intervals: Wilson's for all questions alike, a bootstrap within the sources for their"
                        + " unweighted mean. Questions with the same stem (MedBullets with four and with five options,"
                        + " repeated items) are right or wrong together; the column “by stem” and the bootstrap allow"
                        + " for that.");
        List<String> budgets = s.run().grid().budgets().stream().map(String::valueOf).toList();
        Chart.legend(html, List.of(Scorer.M1.title(), Scorer.STRICT.title()));
        html.open("div", "class", "charts");
        LineChart.draw(html, "All questions", "thinking budget, tokens", budgets, overall(s));
        if (s.run().sources().size() > 1) {
            LineChart.draw(html, "Mean over sources", "thinking budget, tokens", budgets, macro(s));
        }
        html.close().line();
        for (Scorer scorer : Scorer.values()) {
            html.element("h3", title(scorer));
            Table table = Table.open(
                    html, "budget", "n", "accuracy %", "Wilson 95 %", "by stem 95 %", "mean over sources %",
                    "bootstrap 95 %", "no option stated %", "could not be asked");
            for (Cell cell : cells(s)) {
                CellStatistics c = s.at(scorer, cell);
                GroupStatistics g = c.overall();
                table.row(
                        String.valueOf(cell.budget()),
                        Format.whole(g.n()),
                        Format.percent(g.accuracy()),
                        Format.interval(g.wilson()),
                        Format.interval(g.clustered()),
                        Format.percent(c.macro().mean()),
                        Format.interval(c.macro().interval()),
                        Format.percent((double) g.unparsed() / g.n()),
                        Format.whole(g.failed()));
            }
            table.close();
        }
    }

    static String title(Scorer scorer) {
        return "The " + scorer.title();
    }

    /** The cells of all budgets at the fewest Waits. */
    static List<Cell> cells(RunStatistics s) {
        int waits = s.run().grid().waits().getFirst();
        return s.run().grid().budgets().stream().map(budget -> new Cell(budget, waits)).toList();
    }

    private static List<LineChart.Line> overall(RunStatistics s) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (Scorer scorer : Scorer.values()) {
            List<GroupStatistics> groups =
                    cells(s).stream().map(cell -> s.at(scorer, cell).overall()).toList();
            lines.add(line(scorer, groups));
        }
        return lines;
    }

    static LineChart.Line line(Scorer scorer, List<GroupStatistics> groups) {
        return new LineChart.Line(
                scorer.title(),
                groups.stream().map(GroupStatistics::accuracy).toList(),
                groups.stream().map(GroupStatistics::wilson).toList());
    }

    private static List<LineChart.Line> macro(RunStatistics s) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (Scorer scorer : Scorer.values()) {
            List<Double> means = cells(s).stream()
                    .map(cell -> s.at(scorer, cell).macro().mean())
                    .toList();
            List<Interval> bands = cells(s).stream()
                    .map(cell -> s.at(scorer, cell).macro().interval())
                    .toList();
            lines.add(new LineChart.Line(scorer.title(), means, bands));
        }
        return lines;
    }
}
