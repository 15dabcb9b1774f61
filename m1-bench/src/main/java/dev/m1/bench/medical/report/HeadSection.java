package dev.m1.bench.medical.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.run.StoredRun;

/** What was asked of whom, and the outcome in a few numbers. */
final class HeadSection {
    private HeadSection() {}

    static void write(Html html, RunStatistics s) {
        StoredRun run = s.run().run();
        JsonNode settings = run.settings();
        Cell main = s.mainCell();
        html.open("p", "class", "soft");
        html.text(settings.path("data").path("name").asText() + " · " + Format.whole(run.results().size())
                + " questions from " + s.run().sources().size() + " sources · protocol "
                + settings.path("protocol").path("name").asText() + " · greedy · "
                + s.run().grid().size() + " cells (budgets × Waits)");
        html.close();
        html.element(
                "p",
                "Research software, not a medical device. A thinking trace is text the model wrote on the way to its"
                        + " answer; it is not a faithful account of why it answered so.",
                "class",
                "note");
        GroupStatistics m1 = s.at(Scorer.M1, main).overall();
        if (!run.isComplete()) {
            html.element(
                    "p",
                    "This run is not finished: " + Format.whole(run.results().size()) + " of "
                            + Format.whole(run.questions()) + " questions are answered.",
                    "class",
                    "note");
        }
        if (m1.failed() > 0) {
            html.element(
                    "p",
                    m1.failed() + " questions could not be asked and count as wrong; answers.csv says why.",
                    "class",
                    "note");
        }
        html.open("div", "class", "tiles");
        GroupStatistics strict = s.at(Scorer.STRICT, main).overall();
        String at = s.run().grid().size() > 1 ? " at budget " + main.budget() : "";
        tile(html, Format.percent(m1.accuracy()) + " %", "accuracy" + at + ", m1 scorer ("
                + Format.interval(m1.wilson()) + ")");
        tile(html, Format.percent(s.at(Scorer.M1, main).macro().mean()) + " %", "mean over sources" + at + " ("
                + Format.interval(s.at(Scorer.M1, main).macro().interval()) + ")");
        tile(html, Format.percent(strict.accuracy()) + " %", "accuracy" + at + ", strict scorer ("
                + Format.interval(strict.wilson()) + ")");
        tile(html, Format.percent((double) strict.unparsed() / strict.n()) + " %", "state no option" + at);
        if (s.thinking().containsKey(main)) {
            tile(html, Format.whole(s.thinking().get(main).mean()), "thinking tokens on average" + at);
        }
        html.close().line();
    }

    private static void tile(Html html, String number, String what) {
        html.open("div").element("b", number).element("span", what).close();
    }
}
