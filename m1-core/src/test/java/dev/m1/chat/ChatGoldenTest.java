package dev.m1.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.testing.Fixtures;
import dev.m1.testing.SharedData;
import dev.m1.tokenizer.TextSpan;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The templates of published models against the text that transformers renders ({@code chat_goldens.json}). */
class ChatGoldenTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> DIRECTORIES = Map.of("qwen2", "qwen2-7b-instruct", "qwen2.5",
            "qwen2.5-7b-instruct", "qwen3", "qwen3-4b", "llama3.2", "llama3.2-3b");
    private static final Map<String, String> PUBLISHED = Map.of("qwen2.5", "Qwen-Qwen2.5-7B-Instruct.jinja", "qwen3",
            "Qwen-Qwen3-0.6B.jinja", "llama3.2", "meta-llama-Llama-3.2-3B-Instruct.jinja");
    private static final Set<String> NOT_CONTEXT = Set.of("model", "case", "text", "ids");

    @TestFactory
    Stream<DynamicTest> tokenizerConfigs() throws IOException {
        return cases().map(c -> dynamicTest(name(c), () -> {
            String dir = DIRECTORIES.get(model(c));
            check(ChatTemplate.load(SharedData.require("data/tokenizers/" + dir)), c);
        }));
    }

    @TestFactory
    Stream<DynamicTest> publishedTemplates() throws IOException {
        return cases().filter(c -> PUBLISHED.containsKey(model(c))).map(c -> dynamicTest(name(c), () -> {
            Path file = SharedData.require("data/goldens/templates/" + PUBLISHED.get(model(c)));
            boolean llama = model(c).startsWith("llama");
            Map<String, Object> specialTokens = llama ? Map.of("bos_token", "<|begin_of_text|>") : Map.of();
            check(ChatTemplate.of(Files.readString(file), specialTokens), c);
        }));
    }

    @TestFactory
    Stream<DynamicTest> fixtureOfOurOwn() throws IOException {
        ChatTemplate template = ChatTemplate.load(Fixtures.model("tiny-qwen2")); // carries Qwen2.5's template
        return cases().filter(c -> model(c).equals("qwen2.5"))
                .map(c -> dynamicTest(name(c), () -> check(template, c)));
    }

    /** Text and spans lead to the same ids as long as no message looks like a control token. */
    @TestFactory
    Stream<DynamicTest> idsOfHarmlessConversations() throws IOException {
        Map<String, Tokenizer> tokenizers = new HashMap<>();
        Stream<JsonNode> harmless = cases().filter(c -> !c.get("messages").toString().contains("<"))
                .filter(c -> !model(c).equals("qwen2")); // published here without its tokenizer.json
        return harmless.map(c -> dynamicTest(name(c), () -> {
            Path dir = SharedData.require("data/tokenizers/" + DIRECTORIES.get(model(c)));
            Tokenizer tokenizer = tokenizers.computeIfAbsent(model(c), m -> Tokenizer.load(dir));
            int[] ids = StreamSupport.stream(c.get("ids").spliterator(), false).mapToInt(JsonNode::intValue).toArray();
            assertThat(tokenizer.encode(ChatTemplate.load(dir).renderSpans(context(c)))).isEqualTo(ids);
        }));
    }

    private static Map<String, Object> context(JsonNode c) {
        Map<String, Object> context = new HashMap<>();
        c.properties().forEach(e -> {
            if (!NOT_CONTEXT.contains(e.getKey())) {
                context.put(e.getKey(), JSON.convertValue(e.getValue(), Object.class));
            }
        });
        return context;
    }

    private static void check(ChatTemplate template, JsonNode c) {
        Map<String, Object> context = context(c);
        String expected = c.get("text").textValue();
        assertThat(template.render(context)).isEqualTo(expected);
        List<TextSpan> spans = template.renderSpans(context);
        assertThat(spans.stream().map(TextSpan::text).collect(Collectors.joining())).isEqualTo(expected);
        for (JsonNode message : c.get("messages")) {
            String content = message.path("content").asText("").strip();
            if (expected.contains(content) && !content.isEmpty()) {
                assertThat(spans).anyMatch(s -> s.literal() && s.text().contains(content));
            }
        }
    }

    private static Stream<JsonNode> cases() throws IOException {
        JsonNode root = JSON.readTree(SharedData.require("data/goldens/chat_goldens.json").toFile());
        return StreamSupport.stream(root.get("cases").spliterator(), false);
    }

    private static String name(JsonNode c) {
        return model(c) + " " + c.get("case").textValue();
    }

    private static String model(JsonNode c) {
        return c.get("model").textValue();
    }
}
