package dev.m1.bench.medical.report;

import dev.m1.bench.medical.stats.FirstCorrect;
import java.util.ArrayList;
import java.util.List;

/** Which answers change from a budget to the next, and at which a question is first answered right. */
final class FlipSection {
    private FlipSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "What changes from budget to budget", "id", "flips");
        List<CellComparison> steps = s.budgetSteps().get(Scorer.M1);
        if (steps.isEmpty()) {
            html.element("p", "The run has one budget only.");
            return;
        }
        html.element(
                "p",
                "The same questions at one budget and the next. Tests: McNemar's, exact, mid-p; Holm's correction over"
                        + " the steps of a scorer. They take questions as independent, which those with shared stems"
                        + " are not.");
        Chart.legend(html, List.of("wrong → right", "right → wrong"));
        html.open("div", "class", "charts");
        for (Scorer scorer : Scorer.values()) {
            chart(html, s.budgetSteps().get(scorer), scorer);
        }
        html.close().line();
        for (Scorer scorer : Scorer.values()) {
            table(html, BudgetSection.title(scorer), s.budgetSteps().get(scorer), false);
        }
        html.element("h3", "First budget at which a question is answered right");
        Table table = Table.open(html, firstHeader(s));
        for (Scorer scorer : Scorer.values()) {
            FirstCorrect first = s.firstCorrect().get(scorer);
            List<String> row = new ArrayList<>();
            first.first().forEach(n -> row.add(Format.whole(n)));
            row.add(Format.whole(first.never()));
            row.add(Format.whole(first.lost()));
            table.row(scorer.title(), row);
        }
        table.close();
    }

    private static List<String> firstHeader(RunStatistics s) {
        List<String> header = new ArrayList<>(List.of("scorer"));
        s.run().grid().budgets().forEach(budget -> header.add("budget " + budget));
        header.add("never");
        header.add("right once, wrong at the largest");
        return header;
    }

    private static void chart(Html html, List<CellComparison> steps, Scorer scorer) {
        BarChart.draw(
                html,
                "Questions that flip, " + scorer.title(),
                "to this budget from the one before",
                steps.stream().map(step -> String.valueOf(step.after().budget())).toList(),
                List.of(
                        new BarChart.Bars(
                                "wrong → right",
                                steps.stream().map(step -> step.flips().wrongToRight()).toList()),
                        new BarChart.Bars(
                                "right → wrong",
                                steps.stream().map(step -> -step.flips().rightToWrong()).toList())));
    }

    static void table(Html html, String title, List<CellComparison> steps, boolean withWaits) {
        html.element("h3", title);
        Table table = Table.open(
                html, "from → to", "both right", "right → wrong", "wrong → right", "both wrong", "change, points",
                "mid-p", "Holm p");
        for (CellComparison step : steps) {
            table.row(
                    withWaits
                            ? "budget " + step.before().budget() + ": " + step.before().waits() + " → "
                                    + Format.waits(step.after().waits())
                            : step.before().budget() + " → " + step.after().budget(),
                    Format.whole(step.flips().bothRight()),
                    Format.whole(step.flips().rightToWrong()),
                    Format.whole(step.flips().wrongToRight()),
                    Format.whole(step.flips().bothWrong()),
                    Format.points(step.flips().difference()),
                    Format.p(step.test().midP()),
                    Format.p(step.holmP()));
        }
        table.close();
    }
}
