package dev.m1.bench.medical.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.report.ReportJson;
import java.util.List;

/** A comparison as JSON. */
public final class ComparisonJson {
    private ComparisonJson() {}

    /** All of it. */
    public static ObjectNode of(RunComparison comparison) {
        ObjectNode json = JsonLines.MAPPER.createObjectNode();
        AlignedRuns runs = comparison.runs();
        json.put("scorer", comparison.scorer().key()).put("questions", runs.size());
        ArrayNode listed = json.putArray("runs");
        for (int i = 0; i < runs.names().size(); i++) {
            listed.addObject()
                    .put("name", runs.names().get(i))
                    .put("model", runs.runs().get(i).run().settings().path("model").path("name").asText())
                    .put("questionsNotCompared", runs.left().get(i));
        }
        ArrayNode pairs = json.putArray("comparisons");
        for (RunComparison.Pair pair : comparison.pairs()) {
            ObjectNode node = pairs.addObject();
            node.set("before", cell(runs.names().get(pair.before()), pair.cellBefore()));
            node.set("after", cell(runs.names().get(pair.after()), pair.cellAfter()));
            node.set("overall", gain(pair.overall()));
            node.set("bySource", gains(pair.bySource()));
            node.set("byLength", gains(pair.byLength()));
        }
        return json;
    }

    private static ObjectNode cell(String run, Cell cell) {
        return JsonLines.MAPPER
                .createObjectNode()
                .put("run", run)
                .put("budget", cell.budget())
                .put("waits", cell.waits());
    }

    private static ArrayNode gains(List<Gain> gains) {
        ArrayNode array = JsonLines.MAPPER.createArrayNode();
        gains.forEach(gain -> array.add(gain(gain)));
        return array;
    }

    private static ObjectNode gain(Gain gain) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode().put("group", gain.group());
        node.put("accuracyBefore", gain.before()).put("accuracyAfter", gain.after());
        node.setAll(ReportJson.flips(gain.flips()));
        node.putArray("interval").add(gain.interval().low()).add(gain.interval().high());
        return node.put("exactP", gain.test().exactP())
                .put("midP", gain.test().midP())
                .put("holmP", gain.holmP());
    }
}
