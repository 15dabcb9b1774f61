package dev.m1.bench.medical.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.bench.medical.ItemProblem;
import dev.m1.bench.medical.run.QuestionResult;
import dev.m1.bench.medical.run.StoredRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the numbers came about, along what the TRIPOD-LLM guideline asks a study to report.
 *
 * @see <a href="https://doi.org/10.1038/s41591-024-03425-5">Gallifant et al., Nature Medicine 2025</a>
 */
final class MethodSection {
    private MethodSection() {}

    static void write(Html html, RunStatistics s) {
        StoredRun run = s.run().run();
        JsonNode settings = run.settings();
        html.element("h2", "How it was made", "id", "method");
        html.element(
                "p",
                "What the TRIPOD-LLM guideline (Gallifant et al., Nature Medicine 2025) asks a study of a language"
                        + " model to report, as far as a program can know it. What only the authors know (purpose,"
                        + " training data, ethics, funding, who will use it) is theirs to add.");
        html.open("div", "class", "scroll").open("table", "class", "facts").open("tbody").line();
        model(html, settings.path("model"));
        data(html, s, settings);
        prompt(html, settings);
        decoding(html, settings);
        outcome(html, s);
        compute(html, s);
        fact(
                html,
                "Limits",
                "Multiple-choice questions are no clinical work. Sets that are public may have been part of the model's"
                        + " training. Thinking traces are no faithful account of why a model answered so.");
        html.close().close().close().line();
        html.open("details").element("summary", "All settings, files' hashes included");
        html.element("pre", run.settingsText()).close().line();
    }

    private static void model(Html html, JsonNode model) {
        fact(html, "Model", model.path("name").asText() + ", " + model.path("architecture").asText() + ", "
                + Format.whole(model.path("parameters").asDouble()) + " parameters");
        fact(html, "Model SHA-256", model.path("sha256").asText()
                + " (of the list of the files' hashes; each file's is below)");
    }

    private static void data(Html html, RunStatistics s, JsonNode settings) {
        JsonNode data = settings.path("data");
        fact(html, "Questions", data.path("name").asText() + ", SHA-256 " + data.path("sha256").asText());
        fact(html, "Selection", selection(s, settings.path("questions")));
        fact(html, "Data checks", data.path("read").asInt() + " items read, " + data.path("kept").asInt()
                + " could be asked. " + problems(data.path("problems")));
    }

    private static String selection(RunStatistics s, JsonNode questions) {
        String asked = Format.whole(s.run().questions().size()) + " of " + Format.whole(s.run().run().questions())
                + " answered: "
                + s.run().run().results().stream()
                        .collect(Collectors.groupingBy(
                                r -> r.item().source(), LinkedHashMap::new, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(source -> source.getKey() + " " + source.getValue())
                        .collect(Collectors.joining(", "));
        boolean all = questions.path("limit").isNull() && questions.path("sources").isEmpty();
        return asked + (all ? "; all of the file's." : "; chosen by sources " + questions.path("sources") + ", limit "
                + questions.path("limit") + ", shuffle seed " + questions.path("shuffleSeed") + ".");
    }

    private static String problems(JsonNode problems) {
        List<String> found = problems.properties().stream()
                .map(problem -> description(problem) + ": " + problem.getValue().asInt())
                .toList();
        return found.isEmpty() ? "Nothing was odd." : "Found: " + String.join(", ", found) + ".";
    }

    private static String description(Map.Entry<String, JsonNode> problem) {
        try {
            ItemProblem known = ItemProblem.valueOf(problem.getKey());
            return known.description() + (known.drops() ? " (dropped)" : "");
        } catch (IllegalArgumentException e) {
            return problem.getKey(); // of another version
        }
    }

    private static void prompt(Html html, JsonNode settings) {
        JsonNode prompt = settings.path("prompt");
        fact(html, "Prompt", given("system message", prompt.path("system"), "the chat template's own")
                + given("before the question", prompt.path("prefix"), "nothing")
                + "the question, the options as “A. text” on lines of their own; "
                + given("after the options", prompt.path("suffix"), "nothing").replaceFirst("; $", "."));
        JsonNode protocol = settings.path("protocol");
        fact(html, "Thinking protocol", protocol.path("name").asText() + ": opened by " + protocol.path("open")
                + ", closed by " + protocol.path("naturalClose") + ", or when cut by " + protocol.path("cutClose")
                + "; quirks of the original code kept: "
                + (protocol.path("quirks").isEmpty() ? "none" : protocol.path("quirks").toString()) + ". SHA-256 "
                + protocol.path("sha256").asText());
    }

    private static String given(String what, JsonNode value, String otherwise) {
        return what + ": " + (value.isTextual() ? "“" + value.asText() + "”" : otherwise) + "; ";
    }

    private static void decoding(Html html, JsonNode settings) {
        JsonNode decoding = settings.path("decoding");
        fact(html, "Decoding", decoding.path("sampling").asText()
                + "; no temperature, top-p, top-k or penalties: the checkpoint's generation_config does not apply."
                + " Budgets " + decoding.path("budgets") + ", Waits " + decoding.path("waits") + " (“"
                + decoding.path("waitText").asText() + "”), answers of at most "
                + decoding.path("maxAnswerTokens").asText() + " tokens, context "
                + settings.path("engine").path("contextTokens").asText() + " tokens, weights "
                + settings.path("engine").path("weights").asText("STORED") + ".");
    }

    private static void outcome(Html html, RunStatistics s) {
        fact(
                html,
                "Outcome",
                "Accuracy by two scorers of the same answers: the m1 paper's and a strict one. No person judged an"
                        + " answer. Questions that could not be asked count as wrong.");
        fact(
                html,
                "Uncertainty",
                "95 % throughout: Wilson intervals; intervals that allow for shared stems (cluster-robust design"
                        + " effect); percentile bootstrap within sources, "
                        + Format.whole(s.replicates()) + " replicates, seed " + s.seed()
                        + ", stems drawn whole. McNemar's exact test, mid-p; Holm's correction within each family:"
                        + " steps between budgets, and Waits against none, by scorer.");
    }

    private static void compute(Html html, RunStatistics s) {
        StoredRun run = s.run().run();
        for (JsonNode session : run.sessions()) {
            fact(html, "Ran", session.path("started").asText() + ", m1 " + session.path("m1").asText() + ", "
                    + run.settings().path("engine").path("backend").asText() + " ("
                    + session.path("backendDetail").asText() + "), " + session.path("java").asText() + ", "
                    + session.path("system").asText() + ", " + session.path("processors").asText() + " processors, "
                    + session.path("concurrency").asText() + " questions at a time");
        }
        long fed = run.results().stream().mapToLong(QuestionResult::fedTokens).sum();
        long separate = run.results().stream().mapToLong(QuestionResult::separateTokens).sum();
        if (fed > 0) {
            fact(html, "Tokens", Format.whole(fed) + " through the model; separate runs of the cells would have needed "
                    + Format.whole(separate)
                    + String.format(Locale.ROOT, " (%.1f times as many).", (double) separate / fed));
        }
    }

    private static void fact(Html html, String name, String value) {
        html.open("tr").element("th", name, "scope", "row").element("td", value, "dir", "auto").close().line();
    }
}
