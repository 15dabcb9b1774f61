package dev.m1.bench.medical.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.stats.Agreement;
import dev.m1.bench.medical.stats.FirstCorrect;
import dev.m1.bench.medical.stats.FlipTable;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.MacroAverage;
import dev.m1.bench.medical.stats.TokenSummary;
import java.util.List;

/** A report's numbers as JSON. */
public final class ReportJson {
    private ReportJson() {}

    /** All of them. */
    public static ObjectNode of(RunStatistics s) {
        ObjectNode json = summary(s);
        json.set("settings", s.run().run().settings());
        ArrayNode sessions = json.putArray("sessions");
        s.run().run().sessions().forEach(sessions::add);
        ObjectNode budgets = json.putObject("budgetSteps");
        s.budgetSteps().forEach((scorer, steps) -> budgets.set(scorer.key(), comparisons(steps)));
        ObjectNode waits = json.putObject("waitSteps");
        s.waitSteps().forEach((scorer, steps) -> waits.set(scorer.key(), comparisons(steps)));
        ObjectNode first = json.putObject("firstCorrect");
        s.firstCorrect().forEach((scorer, f) -> first.set(scorer.key(), firstCorrect(f)));
        json.putObject("bootstrap").put("replicates", s.replicates()).put("seed", s.seed());
        return json;
    }

    /** What a run says in short: each cell's accuracies and lengths. */
    public static ObjectNode summary(RunStatistics s) {
        ObjectNode json = JsonLines.MAPPER.createObjectNode();
        json.put("run", s.run().run().name());
        json.put("model", s.run().run().settings().path("model").path("name").asText());
        json.put("data", s.run().run().settings().path("data").path("name").asText());
        json.put("questions", s.run().run().questions())
                .put("answered", s.run().questions().size())
                .put("failed", s.at(Scorer.M1, s.mainCell()).overall().failed());
        ArrayNode cells = json.putArray("cells");
        for (Cell cell : s.run().cells()) {
            ObjectNode node = cells.addObject().put("budget", cell.budget()).put("waits", cell.waits());
            for (Scorer scorer : Scorer.values()) {
                node.set(scorer.key(), cell(s.at(scorer, cell)));
            }
            if (s.thinking().containsKey(cell)) {
                node.set("thinkingTokens", tokens(s.thinking().get(cell)));
            }
            node.set("agreement", agreement(s.agreement().get(cell)));
        }
        return json;
    }

    private static ObjectNode cell(CellStatistics c) {
        ObjectNode node = group(c.overall());
        ObjectNode sources = node.putObject("sources");
        c.bySource().forEach((source, group) -> sources.set(source, group(group)));
        MacroAverage macro = c.macro();
        ObjectNode average = node.putObject("macro").put("accuracy", macro.mean());
        average.put("standardError", macro.standardError());
        average.set("interval", interval(macro.interval()));
        return node;
    }

    private static ObjectNode group(GroupStatistics g) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        node.put("n", g.n()).put("right", g.right()).put("accuracy", g.accuracy());
        node.set("wilson", interval(g.wilson()));
        node.put("clusters", g.clusters());
        node.set("clustered", interval(g.clustered()));
        return node.put("unparsed", g.unparsed()).put("failed", g.failed());
    }

    static ArrayNode interval(Interval interval) {
        return JsonLines.MAPPER.createArrayNode().add(interval.low()).add(interval.high());
    }

    private static ObjectNode tokens(TokenSummary t) {
        return JsonLines.MAPPER
                .createObjectNode()
                .put("n", t.n())
                .put("mean", t.mean())
                .put("min", t.min())
                .put("lowerQuartile", t.lowerQuartile())
                .put("median", t.median())
                .put("upperQuartile", t.upperQuartile())
                .put("max", t.max())
                .put("cut", t.cut())
                .put("shareCut", t.shareCut());
    }

    private static ObjectNode agreement(Agreement a) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode().put("sameVerdict", a.observed());
        if (Double.isNaN(a.kappa())) {
            node.putNull("kappa");
        } else {
            node.put("kappa", a.kappa());
        }
        return node.put("sameLetter", a.letterAgreement()).put("unparsed", a.parseFailureRate());
    }

    private static ArrayNode comparisons(List<CellComparison> steps) {
        ArrayNode array = JsonLines.MAPPER.createArrayNode();
        for (CellComparison step : steps) {
            ObjectNode node = array.addObject();
            node.putObject("before").put("budget", step.before().budget()).put("waits", step.before().waits());
            node.putObject("after").put("budget", step.after().budget()).put("waits", step.after().waits());
            node.setAll(flips(step.flips()));
            node.put("exactP", step.test().exactP()).put("midP", step.test().midP()).put("holmP", step.holmP());
        }
        return array;
    }

    /** The four counts and the change of accuracy. */
    public static ObjectNode flips(FlipTable f) {
        return JsonLines.MAPPER
                .createObjectNode()
                .put("n", f.n())
                .put("bothRight", f.bothRight())
                .put("rightToWrong", f.rightToWrong())
                .put("wrongToRight", f.wrongToRight())
                .put("bothWrong", f.bothWrong())
                .put("difference", f.difference());
    }

    private static ObjectNode firstCorrect(FirstCorrect f) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        ArrayNode budgets = node.putArray("budgets");
        f.budgets().forEach(budgets::add);
        ArrayNode first = node.putArray("first");
        f.first().forEach(first::add);
        return node.put("never", f.never()).put("lost", f.lost());
    }
}
