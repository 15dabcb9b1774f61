package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.run.CellOutcome;
import dev.m1.bench.medical.stats.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report's numbers as tables for other programs. */
final class CsvFiles {
    static final String ANSWERS = "answers.csv";
    static final String ACCURACY = "accuracy.csv";
    static final String COMPARISONS = "comparisons.csv";

    private static final String OVERALL = "(all)";
    private static final String MACRO = "(macro average)";

    private CsvFiles() {}

    static void write(RunStatistics s, Path directory) throws IOException {
        answers(s.run(), directory.resolve(ANSWERS));
        accuracy(s, directory.resolve(ACCURACY));
        comparisons(s, directory.resolve(COMPARISONS));
    }

    /** A row for each question and cell; no texts. */
    private static void answers(ScoredRun run, Path file) throws IOException {
        try (Csv csv = new Csv(
                file,
                "id", "source", "index", "budget", "waits", "right_letter", "m1_letter", "m1_rule", "m1_correct",
                "strict_letter", "strict_parsed", "strict_correct", "thinking_tokens", "thinking_end", "waits_done",
                "injected_tokens", "answer_tokens", "answer_end", "prompt_tokens", "error")) {
            for (ScoredQuestion question : run.questions()) {
                for (Map.Entry<Cell, ScoredCell> cell : question.cells().entrySet()) {
                    answer(csv, question, cell.getKey(), cell.getValue());
                }
            }
        }
    }

    private static void answer(Csv csv, ScoredQuestion q, Cell cell, ScoredCell scored) throws IOException {
        CellOutcome o = scored.outcome();
        csv.row(
                q.item().id(),
                q.item().source(),
                q.item().index(),
                cell.budget(),
                cell.waits(),
                q.item().answerIdx(),
                scored.m1().letter(),
                scored.m1().rule().name().toLowerCase(Locale.ROOT),
                scored.m1().correct(),
                scored.strict().letter(),
                scored.strict().parsed(),
                scored.strict().correct(),
                o == null ? null : o.thinkingTokens(),
                o == null ? null : o.thinkingEnd().name().toLowerCase(Locale.ROOT),
                o == null ? null : o.waits(),
                o == null ? null : o.injectedTokens(),
                o == null ? null : o.answerTokens(),
                o == null ? null : o.answerEnd().wireName(),
                o == null ? null : q.result().promptTokens(),
                q.result().failure());
    }

    private static void accuracy(RunStatistics s, Path file) throws IOException {
        try (Csv csv = new Csv(
                file,
                "scorer", "budget", "waits", "source", "n", "right", "accuracy", "wilson_low", "wilson_high",
                "clusters", "clustered_low", "clustered_high", "unparsed", "failed")) {
            for (Scorer scorer : Scorer.values()) {
                for (Cell cell : s.run().cells()) {
                    CellStatistics c = s.at(scorer, cell);
                    for (Map.Entry<String, GroupStatistics> source : c.bySource().entrySet()) {
                        row(csv, scorer, cell, source.getKey(), source.getValue());
                    }
                    row(csv, scorer, cell, OVERALL, c.overall());
                    Interval i = c.macro().interval();
                    csv.row(
                            scorer.key(), cell.budget(), cell.waits(), MACRO, null, null, c.macro().mean(), null, null,
                            null, i.low(), i.high(), null, null);
                }
            }
        }
    }

    private static void row(Csv csv, Scorer scorer, Cell cell, String name, GroupStatistics g) throws IOException {
        csv.row(
                scorer.key(),
                cell.budget(),
                cell.waits(),
                name,
                g.n(),
                g.right(),
                g.accuracy(),
                g.wilson().low(),
                g.wilson().high(),
                g.clusters(),
                g.clustered().low(),
                g.clustered().high(),
                g.unparsed(),
                g.failed());
    }

    private static void comparisons(RunStatistics s, Path file) throws IOException {
        try (Csv csv = new Csv(
                file,
                "scorer", "family", "budget_before", "waits_before", "budget_after", "waits_after", "both_right",
                "right_to_wrong", "wrong_to_right", "both_wrong", "exact_p", "mid_p", "holm_p")) {
            for (Scorer scorer : Scorer.values()) {
                comparisons(csv, scorer, "budgets", s.budgetSteps().get(scorer));
                comparisons(csv, scorer, "waits", s.waitSteps().get(scorer));
            }
        }
    }

    private static void comparisons(Csv csv, Scorer scorer, String family, List<CellComparison> steps)
            throws IOException {
        for (CellComparison c : steps) {
            csv.row(
                    scorer.key(),
                    family,
                    c.before().budget(),
                    c.before().waits(),
                    c.after().budget(),
                    c.after().waits(),
                    c.flips().bothRight(),
                    c.flips().rightToWrong(),
                    c.flips().wrongToRight(),
                    c.flips().bothWrong(),
                    c.test().exactP(),
                    c.test().midP(),
                    c.holmP());
        }
    }
}
