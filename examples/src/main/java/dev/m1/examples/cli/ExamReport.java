package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.bench.medical.stats.FlipTable;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.McNemar;
import dev.m1.examples.demo.ExamResult;
import dev.m1.examples.demo.KnowledgeGap;
import dev.m1.examples.demo.Verdicts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An exam's results as tables for people, and as one JSON object. */
final class ExamReport {
    private ExamReport() {}

    static List<String> lines(List<ExamResult> results) {
        List<String> lines = new ArrayList<>();
        lines.add("Accuracy in % with 95 % Wilson intervals, by the strict scorer: what it cannot read is wrong.");
        lines.add("Beside it the m1 paper's scorer, which always finds some answer.");
        for (ExamResult result : results) {
            lines.add("");
            lines.add(result.checkpoint() + ", " + result.exam().size() + " questions");
            lines.add("  budget  accuracy  interval       m1 scorer  unread");
            for (int budget : result.grid().budgets()) {
                Verdicts v = result.at(budget, 0);
                lines.add(line(
                        "  %6d  %8.1f  %-13s  %9.1f  %6d",
                        budget, 100 * v.accuracy(), percent(v.interval()), 100 * v.m1Accuracy(), v.unread()));
            }
        }
        flips(results, lines);
        gap(results, lines);
        return lines;
    }

    private static void flips(List<ExamResult> results, List<String> lines) {
        lines.add("");
        lines.add("\"Wait\" against none, at budget " + results.getFirst().largestBudget());
        lines.add("  checkpoint    waits  accuracy  right->wrong  wrong->right  McNemar mid-p");
        for (ExamResult result : results) {
            for (int waits : result.grid().waits()) {
                FlipTable flips = result.flips(waits);
                lines.add(line(
                        "  %-12s  %5d  %8.1f  %12d  %12d  %13s",
                        result.checkpoint(),
                        waits,
                        100 * result.at(result.largestBudget(), waits).accuracy(),
                        flips.rightToWrong(),
                        flips.wrongToRight(),
                        waits == 0 ? "" : line("%.2g", McNemar.of(flips).midP())));
            }
        }
    }

    private static void gap(List<ExamResult> results, List<String> lines) {
        List<KnowledgeGap> rows = KnowledgeGap.of(results);
        if (rows.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("Questions by what the 1k training set never showed, at the largest budget without Waits");
        lines.add("  checkpoint    findings          n  accuracy  interval");
        for (KnowledgeGap row : rows) {
            lines.add(line(
                    "  %-12s  %-12s  %5d  %8.1f  %s",
                    row.checkpoint(),
                    row.unseen() ? "some unseen" : "all seen",
                    row.n(),
                    100 * row.accuracy(),
                    percent(row.interval())));
        }
    }

    static ObjectNode json(List<ExamResult> results) {
        ObjectNode object = Json.object();
        ObjectNode curves = object.putObject("curves");
        for (ExamResult result : results) {
            ArrayNode points = curves.putArray(result.checkpoint());
            result.verdicts().forEach((cell, v) -> points.addObject()
                    .put("budget", cell.budget())
                    .put("waits", cell.waits())
                    .put("n", v.questions())
                    .put("accuracy", v.accuracy())
                    .put("low", v.interval().low())
                    .put("high", v.interval().high())
                    .put("m1Accuracy", v.m1Accuracy())
                    .put("unread", v.unread()));
        }
        ArrayNode flips = object.putArray("flips");
        for (ExamResult result : results) {
            for (int waits : result.grid().waits().stream().filter(w -> w > 0).toList()) {
                FlipTable table = result.flips(waits);
                flips.addObject()
                        .put("checkpoint", result.checkpoint())
                        .put("budget", result.largestBudget())
                        .put("waits", waits)
                        .put("rightToWrong", table.rightToWrong())
                        .put("wrongToRight", table.wrongToRight())
                        .put("midP", McNemar.of(table).midP());
            }
        }
        ArrayNode gaps = object.putArray("knowledgeGap");
        for (KnowledgeGap row : KnowledgeGap.of(results)) {
            gaps.addObject()
                    .put("checkpoint", row.checkpoint())
                    .put("unseenFindings", row.unseen())
                    .put("n", row.n())
                    .put("right", row.right());
        }
        return object;
    }

    private static String percent(Interval interval) {
        return line("%.1f - %.1f", 100 * interval.low(), 100 * interval.high());
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
