package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import java.util.ArrayList;
import java.util.List;

/** Each source by itself. */
final class SourceSection {
    private SourceSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "By source", "id", "sources");
        List<Cell> cells = BudgetSection.cells(s);
        List<String> budgets = s.run().grid().budgets().stream().map(String::valueOf).toList();
        if (budgets.size() > 1) {
            Chart.legend(html, List.of(Scorer.M1.title(), Scorer.STRICT.title()));
            html.open("div", "class", "charts");
            for (String source : s.run().sources()) {
                List<LineChart.Line> lines = new ArrayList<>();
                for (Scorer scorer : Scorer.values()) {
                    lines.add(BudgetSection.line(
                            scorer,
                            cells.stream()
                                    .map(cell -> s.at(scorer, cell).bySource().get(source))
                                    .toList()));
                }
                LineChart.draw(html, source, "thinking budget, tokens", budgets, lines);
            }
            html.close().line();
        }
        for (Scorer scorer : Scorer.values()) {
            html.element("h3", BudgetSection.title(scorer) + ": accuracy in percent, and Wilson’s 95 % interval");
            List<String> header = new ArrayList<>(List.of("source", "n"));
            cells.forEach(cell -> header.add("budget " + cell.budget()));
            header.add("no option stated % at " + cells.getLast().budget());
            Table table = Table.open(html, header);
            for (String source : s.run().sources()) {
                List<String> row = new ArrayList<>();
                List<GroupStatistics> groups = cells.stream()
                        .map(cell -> s.at(scorer, cell).bySource().get(source))
                        .toList();
                row.add(Format.whole(groups.getFirst().n()));
                groups.forEach(g -> row.add(Format.percent(g.accuracy()) + "\n" + Format.interval(g.wilson())));
                row.add(Format.percent((double) groups.getLast().unparsed() / groups.getLast().n()));
                table.row(source, row);
            }
            table.close();
        }
    }
}
