package dev.m1.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.errors.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Small templates of our own against what jinja2 makes of them ({@code chat/make_jinja_goldens.py}): the same output,
 * or an error where jinja2 raises one.
 */
class JinjaGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> agreesWithJinja2() throws IOException {
        JsonNode root;
        try (InputStream in = JinjaGoldenTest.class.getResourceAsStream("/chat/jinja_goldens.json")) {
            root = JSON.readTree(in);
        }
        Clock clock = Clock.fixed(LocalDateTime.parse(root.get("now").textValue()).toInstant(ZoneOffset.UTC),
                ZoneOffset.UTC);
        Map<String, List<JsonNode>> groups = new LinkedHashMap<>();
        for (JsonNode c : root.get("cases")) {
            groups.computeIfAbsent(c.get("group").textValue(), g -> new ArrayList<>()).add(c);
        }
        return groups.entrySet().stream().map(group -> dynamicTest(
                group.getKey() + " (" + group.getValue().size() + " templates)", () -> check(group.getValue(), clock)));
    }

    private static void check(List<JsonNode> cases, Clock clock) {
        List<String> differences = new ArrayList<>();
        for (JsonNode c : cases) {
            String expected = c.has("output") ? c.get("output").textValue() : "error " + c.get("error").textValue();
            String actual = run(c, clock);
            boolean same = c.has("output") ? actual.equals(expected) : agrees(expected, actual);
            if (!same) {
                differences.add(c.get("template").textValue() + "\n  jinja2: " + expected + "\n  here:   " + actual);
            }
        }
        assertThat(differences).as(String.join("\n", differences)).isEmpty();
    }

    /** Messages are our own, but for what the template itself raises. */
    private static boolean agrees(String expected, String actual) {
        String raised = "error TemplateError: ";
        return expected.startsWith(raised)
                ? actual.startsWith("error line ") && actual.endsWith(": " + expected.substring(raised.length()))
                : actual.startsWith("error line ");
    }

    private static String run(JsonNode c, Clock clock) {
        Inputs inputs = new Inputs((path, string) -> false);
        Map<String, Object> variables = new HashMap<>();
        c.get("context").properties().forEach(e ->
                variables.put(e.getKey(), inputs.convert(e.getKey(), JSON.convertValue(e.getValue(), Object.class))));
        try {
            return JinjaTemplate.parse(c.get("template").textValue()).render(variables, Limits.DEFAULT, clock).string();
        } catch (TemplateException e) {
            return "error " + e.getMessage();
        }
    }
}
