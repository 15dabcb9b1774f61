package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The paper's table beside the run's own numbers, for the sets that were asked in full. */
final class PaperSection {
    private PaperSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "Beside the paper", "id", "paper");
        Map<String, Integer> questions = new LinkedHashMap<>();
        s.run().questions().forEach(q -> questions.merge(q.item().source(), 1, Integer::sum));
        Map<Integer, String> matches = PaperTable.matches(questions);
        if (matches.isEmpty()) {
            html.element(
                    "p",
                    "None of this run's sources has the name and the number of questions of one of the paper's sets, so"
                            + " there is nothing to compare with.");
            return;
        }
        List<Integer> places = List.copyOf(matches.keySet());
        html.element(
                "p",
                "Accuracy in percent. The paper's rows are from arXiv 2504.00869; this run's are the m1 scorer's, the"
                        + " strict scorer's below them. Only sets asked in full are shown"
                        + (places.size() < PaperTable.SOURCES.size()
                                ? " (" + places.size() + " of the paper's " + PaperTable.SOURCES.size()
                                        + "), and the mean is over these, the paper's rows included."
                                : "."));
        List<String> header = new ArrayList<>(List.of(""));
        places.forEach(place -> header.add(
                PaperTable.SOURCES.get(place).name() + " (" + PaperTable.SOURCES.get(place).n() + ")"));
        header.add("mean");
        Table table = Table.open(html, header);
        for (PaperTable.Row row : PaperTable.ROWS) {
            List<String> cells = new ArrayList<>();
            places.forEach(place -> cells.add(two(row.accuracies().get(place))));
            cells.add(two(PaperTable.mean(row, places)));
            table.row("paper: " + row.model(), cells);
        }
        for (Scorer scorer : Scorer.values()) {
            for (Cell cell : BudgetSection.cells(s)) {
                List<String> cells = new ArrayList<>();
                double sum = 0;
                for (String source : matches.values()) {
                    double percent = 100 * s.at(scorer, cell).bySource().get(source).accuracy();
                    cells.add(two(percent));
                    sum += percent;
                }
                cells.add(two(sum / matches.size()));
                table.row("this run, budget " + cell.budget() + (scorer == Scorer.M1 ? "" : ", strict"), cells);
            }
        }
        table.close();
    }

    private static String two(double percent) {
        return String.format(Locale.ROOT, "%.2f", percent);
    }
}
