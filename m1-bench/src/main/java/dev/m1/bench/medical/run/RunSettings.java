package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.MedicalData;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.spi.WeightType;
import dev.m1.thinking.ThinkingProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that decides a run's results, as JSON; two runs with equal settings are the same run. */
final class RunSettings {
    private static final int FORMAT = 1;

    private RunSettings() {}

    static ObjectNode of(
            EvalOptions options,
            MedicalData data,
            List<MedicalItem> asked,
            LanguageModel model,
            ThinkingProtocol protocol,
            Fingerprint checkpoint)
            throws IOException {
        ObjectNode settings = JsonLines.MAPPER.createObjectNode().put("format", FORMAT);
        settings.set("model", model(options.model(), model, checkpoint));
        settings.set("data", data(options.data(), data));
        settings.set("questions", questions(options.selection(), asked));
        settings.putObject("prompt")
                .put("prefix", options.prompt().prefix())
                .put("suffix", options.prompt().instruction())
                .put("system", options.system().orElse(null));
        settings.set("protocol", ProtocolText.of(protocol));
        settings.set("decoding", decoding(options));
        // Another backend adds in another order, and another context may cut what this one did not.
        ObjectNode engine = settings.putObject("engine")
                .put("backend", model.info().backend())
                .put("contextTokens", model.info().contextTokens());
        if (options.weights() != WeightType.STORED) { // left out otherwise: files of older runs can go on
            engine.put("weights", options.weights().name());
        }
        return settings;
    }

    private static ObjectNode model(Path directory, LanguageModel model, Fingerprint checkpoint) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        node.put("name", lastName(directory)).put("sha256", checkpoint.sha256());
        node.put("architecture", model.info().spec().architecture());
        node.put("parameters", model.info().spec().parameters());
        ObjectNode files = node.putObject("files");
        checkpoint.files().forEach(files::put);
        return node;
    }

    private static ObjectNode data(Path file, MedicalData data) throws IOException {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        node.put("name", lastName(file)).put("sha256", Fingerprint.ofFile(file).sha256());
        node.put("read", data.report().read()).put("kept", data.report().kept());
        ObjectNode problems = node.putObject("problems");
        data.report().counts().forEach((problem, count) -> problems.put(problem.name(), count));
        return node;
    }

    private static ObjectNode questions(QuestionSelection selection, List<MedicalItem> asked) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        ArrayNode sources = node.putArray("sources");
        selection.sources().forEach(sources::add);
        node.put("limit", selection.limit().isPresent() ? selection.limit().getAsInt() : null);
        node.put("shuffleSeed", selection.shuffleSeed().isPresent() ? selection.shuffleSeed().getAsLong() : null);
        Map<String, Integer> counts = new LinkedHashMap<>();
        asked.forEach(item -> counts.merge(item.source(), 1, Integer::sum));
        ObjectNode bySource = node.putObject("asked");
        counts.forEach(bySource::put);
        return node;
    }

    private static ObjectNode decoding(EvalOptions options) {
        ObjectNode node = JsonLines.MAPPER.createObjectNode();
        node.put("sampling", "greedy").put("maxAnswerTokens", options.maxAnswerTokens());
        node.put("waitText", options.waitText());
        ArrayNode budgets = node.putArray("budgets");
        options.grid().budgets().forEach(budgets::add);
        ArrayNode waits = node.putArray("waits");
        options.grid().waits().forEach(waits::add);
        return node;
    }

    private static String lastName(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
