package dev.m1.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.TemplateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    @TempDir
    Path dir;

    private void config(String json) throws IOException {
        Files.writeString(dir.resolve("tokenizer_config.json"), json);
    }

    private static String render(ChatTemplate template) {
        return template.render(List.of(Message.user("hi")), true);
    }

    @Test
    void aStringInTheTokenizerConfig() throws IOException {
        config("{\"chat_template\": \"{{ messages[0].content }}{{ add_generation_prompt }}\"}");
        assertThat(render(ChatTemplate.load(dir))).isEqualTo("hiTrue");
        assertThat(ChatTemplate.find(dir)).isPresent();
        assertThat(ChatTemplate.names(dir)).containsExactly("default");
    }

    @Test
    void aListOfNamedTemplates() throws IOException {
        config("""
                {"chat_template": [{"name": "default", "template": "D"}, {"name": "rag", "template": "R"}]}""");
        assertThat(render(ChatTemplate.load(dir))).isEqualTo("D");
        assertThat(render(ChatTemplate.load(dir, "rag"))).isEqualTo("R");
        assertThat(ChatTemplate.names(dir)).containsExactly("default", "rag");
        assertThatThrownBy(() -> ChatTemplate.load(dir, "nope")).isInstanceOf(TemplateException.class)
                .hasMessageContaining("nope").hasMessageContaining("default, rag");
    }

    @Test
    void aListWithoutDefault() throws IOException {
        config("{\"chat_template\": [{\"name\": \"rag\", \"template\": \"R\"}]}");
        assertThat(ChatTemplate.find(dir)).isEmpty();
        assertThatThrownBy(() -> ChatTemplate.load(dir)).isInstanceOf(TemplateException.class)
                .hasMessageContaining("rag");
    }

    @Test
    void aFileOfItsOwnWins() throws IOException {
        config("{\"chat_template\": \"from config\", \"bos_token\": \"<s>\"}");
        Files.writeString(dir.resolve("chat_template.jinja"), "{{ bos_token }}from file é");
        Files.createDirectory(dir.resolve("additional_chat_templates"));
        Files.writeString(dir.resolve("additional_chat_templates").resolve("tool_use.jinja"), "tools");
        assertThat(render(ChatTemplate.load(dir))).isEqualTo("<s>from file é");
        assertThat(render(ChatTemplate.load(dir, "tool_use"))).isEqualTo("tools");
        assertThat(ChatTemplate.names(dir)).containsExactly("default", "tool_use");
    }

    @Test
    void aFileAloneIsEnough() throws IOException {
        Files.writeString(dir.resolve("chat_template.jinja"), "alone{{ bos_token }}");
        assertThat(render(ChatTemplate.load(dir))).isEqualTo("alone");
    }

    @Test
    void specialTokens() throws IOException {
        config("""
                {"bos_token": "<s>", "eos_token": {"__type": "AddedToken", "content": "</s>"}, "unk_token": null,
                 "chat_template":
                    "{{ bos_token }}{{ eos_token }}{{ unk_token is defined }}{{ pad_token is defined }}"}""");
        ChatTemplate template = ChatTemplate.load(dir);
        assertThat(render(template)).isEqualTo("<s></s>FalseFalse");
        assertThat(template.render(Map.of("bos_token", "B"))).startsWith("B</s>"); // the context wins
        assertThat(template.renderSpans(Map.of())).singleElement().matches(s -> !s.literal());
    }

    @Test
    void nothingThere() throws IOException {
        assertThat(ChatTemplate.find(dir)).isEmpty();
        assertThatThrownBy(() -> ChatTemplate.load(dir)).isInstanceOf(TemplateException.class)
                .hasMessageContaining("chat_template.jinja").hasMessageContaining("tokenizer_config.json")
                .hasMessageContaining(dir.toString());
        config("{\"chat_template\": null}");
        assertThat(ChatTemplate.find(dir)).isEmpty();
        assertThatThrownBy(() -> ChatTemplate.load(dir.resolve("absent"))).isInstanceOf(TemplateException.class);
    }

    @Test
    void brokenFiles() throws IOException {
        for (String json : List.of("{", "{\"chat_template\": 5}", "{\"chat_template\": [1]}",
                "{\"chat_template\": [{\"name\": 1}]}", "[".repeat(5000), "{\"chat_template\": \"{{ (\"}")) {
            config(json);
            assertThatThrownBy(() -> ChatTemplate.load(dir)).isInstanceOf(TemplateException.class)
                    .hasMessageContaining(dir.toString());
        }
        Files.write(dir.resolve("tokenizer_config.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0x00});
        assertThatThrownBy(() -> ChatTemplate.load(dir)).isInstanceOf(TemplateException.class);
        config("[]");
        assertThat(ChatTemplate.find(dir)).isEmpty();
        Files.write(dir.resolve("chat_template.jinja"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ChatTemplate.load(dir)).isInstanceOf(TemplateException.class)
                .hasMessageContaining("chat_template.jinja");
    }

    @Test
    void whatTransformersAlwaysPasses() {
        ChatTemplate template = ChatTemplate.of(
                "{{ tools }}{{ documents }}{{ add_generation_prompt }}{{ x is defined }}", Map.of());
        assertThat(template.render(Map.of())).isEqualTo("NoneNoneFalseFalse");
        assertThat(template.render(Map.of("tools", List.of(), "x", 1))).isEqualTo("[]NoneFalseTrue");
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("x", null);
        assertThat(template.render(withNull)).isEqualTo("NoneNoneFalseTrue");
    }

    @Test
    void messagesInAContext() {
        ChatTemplate template = ChatTemplate.of(
                "{% for m in messages %}{{ m.role }}={{ m['content'] }};{% endfor %}", Map.of());
        List<Object> messages = List.of(Message.system("s"), Message.user("u"), Message.assistant("a"),
                Map.of("role", "tool", "content", "t"));
        assertThat(template.render(Map.of("messages", messages))).isEqualTo("system=s;user=u;assistant=a;tool=t;");
        assertThatNullPointerException().isThrownBy(() -> Message.user(null));
        assertThatNullPointerException().isThrownBy(() -> new Message(null, ""));
    }

    @Test
    void mentions() {
        ChatTemplate template = ChatTemplate.of("{% if enable_thinking is defined %}{{ 'a\\n<think>b' }}{% endif %}",
                Map.of());
        assertThat(template.mentions("enable_thinking")).isTrue();
        assertThat(template.mentions("thinking")).isFalse();
        assertThat(template.mentions("<think>")).isTrue();
        assertThat(template.mentions("</think>")).isFalse();
        assertThat(template.source()).contains("<think>");
    }

    @Test
    void theClockIsTheCallers() {
        Clock clock = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);
        ChatTemplate template = ChatTemplate.of("{{ strftime_now('%d %b %Y') }}", Map.of());
        assertThat(template.withClock(clock).render(Map.of())).isEqualTo("26 Jul 2024");
        assertThat(template.render(Map.of())).matches("\\d\\d [A-Z][a-z]{2} 20\\d\\d");
    }

    @Test
    void oneInstanceForManyThreads() throws Exception {
        ChatTemplate template = ChatTemplate.of("{% set ns = namespace(n=0) %}{% for m in messages %}"
                + "{% set ns.n = ns.n + 1 %}{{ m.content|upper }}{% endfor %}{{ ns.n }}", Map.of());
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                List<Message> messages = List.of(Message.user("a" + i), Message.user("b"));
                results.add(pool.submit(() -> template.render(messages, false)));
            }
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo("A" + i + "B2");
            }
        }
    }
}
