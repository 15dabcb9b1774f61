package dev.m1.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.m1.errors.TemplateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile templates and hostile contents end in a {@link TemplateException}, within bounded time and memory. */
class SandboxTest {
    private static final Duration GENEROUS = Duration.ofSeconds(60);

    private static String render(String template, Map<String, ?> context) {
        return ChatTemplate.of(template, Map.of()).withLimits(1 << 20, 200_000).render(context);
    }

    private static void refused(String template, Map<String, ?> context, String message) {
        assertTimeoutPreemptively(GENEROUS, () -> assertThatThrownBy(() -> render(template, context))
                        .isInstanceOf(TemplateException.class).hasMessageContaining(message));
    }

    private static void refused(String template, String message) {
        refused(template, Map.of(), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ loop.length }}{% endfor %}{% endfor %}",
        "{% macro m(n) %}{% for i in range(10) %}{{ m(n + 1) if n < 90 }}{% endfor %}{% endmacro %}{{ m(0) }}",
        "{{ range(100000)|map('string')|map('length')|sum }}{{ range(100000)|sort|list|length }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{{ [0] * 1000000000 }}",
        "{{ [0] * 100000 == [0] * 100000 }}{{ ([0] * 100000)|unique|list }}",
        "{{ range(2)|slice(100000000)|list }}",
        "{{ [1]|batch(1000000000, 0)|list }}",
        "{% for a in range(1000) %}{{ 'x' in 'a' * 500000 }}{% endfor %}",
        "{% set s = 'a' * 500000 %}{% for a in range(1000) %}{{ (s ~ a)|length }}{% endfor %}",
        "{% set s = '😀' * 200000 %}{% for a in range(100000) %}{{ s[199999] }}{% endfor %}",
    })
    void work(String template) {
        assertTimeoutPreemptively(GENEROUS, () -> assertThatThrownBy(() -> render(template, Map.of()))
                        .isInstanceOf(TemplateException.class).hasMessageStartingWith("line 1: ")
                        .hasMessageMatching("(?s).*(more than|all strings).*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{{ 'a' * 1000000000000 }}",
        "{{ 'a' * 9223372036854775807 }}",
        "{% for i in range(1000) %}text{{ 'b' * 2000 }}{% endfor %}",
        "{{ '%900000000d' % 1 }}",
        "{{ '{:900000000}'.format('x') }}",
        "{{ 'x'.center(1000000000) }}",
        "{{ 'x'|center(1000000000) }}",
        "{{ 'x'.zfill(1000000000) }}",
        "{{ 'x\\ny'|indent(1000000000) }}",
        "{{ [1]|tojson(indent=1000000000) }}",
        "{{ ('a' * 1000).replace('', 'b' * 10000) }}",
        "{{ ('b' * 100000).join(range(100000)|map('string')) }}",
    })
    void memory(String template) {
        refused(template, "characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{ 2 ** 1000000000 }}", "{{ 10 ** (10 ** 10) }}", "{{ 2 ** (2 ** 70) }}"})
    void powers(String template) {
        refused(template, "too large");
    }

    @Test
    void bigNumbersStayBounded() {
        refused("{% set ns = namespace(x=3) %}{% for i in range(100) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
                "bits");
        refused("{{ " + "9".repeat(5000) + " }}", "digits");
        refused("{{ range(10 ** 9) }}", "range too big");
    }

    @Test
    void nesting() {
        int deep = 100_000;
        refused("{{ " + "(".repeat(deep) + "1" + ")".repeat(deep) + " }}", "levels deep");
        refused("{{ " + "[".repeat(deep) + "]".repeat(deep) + " }}", "levels deep");
        refused("{{ " + "-".repeat(deep) + "1 }}", "levels deep");
        refused("{{ " + "not ".repeat(deep) + "1 }}", "levels deep");
        refused("{{ " + "1 if 1 else ".repeat(deep) + "1 }}", "levels deep");
        refused("{% if 1 %}".repeat(deep), "levels deep");
        refused("{% for a in x %}".repeat(deep), "levels deep");
        refused("{{ 1" + " + 1".repeat(deep) + " }}", "levels deep");
        refused("{{ x" + "|default(1)".repeat(deep) + " }}", "levels deep");
        refused("{{ x" + ".a".repeat(deep) + " }}", "levels deep");
        refused("{{ 1" + " is defined".repeat(1) + " and 1".repeat(deep) + " }}", "levels deep");
        refused("{{ x" + "()".repeat(deep) + " }}", "levels deep");
        refused("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "levels deep");
        refused("{% macro m() %}{{ caller() }}{% endmacro %}"
                + "{% macro k() %}{% call m() %}{{ k() }}{% endcall %}{% endmacro %}{{ k() }}", "levels deep");
        refused("{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}", "levels deep");
        String nested = "{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = [ns.l] %}{% endfor %}";
        for (String use : List.of("ns.l", "ns.l|tojson", "ns.l == [ns.l]", "ns.l < [ns.l]", "'' ~ ns.l")) {
            refused(nested + "{{ " + use + " }}", "levels deep");
        }
        refused("{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}", "levels deep");
        refused("{% set ns = namespace() %}{% set ns.a = [ns] %}{{ [ns] }}", "levels deep");
    }

    /** A small stack may end before our own limits are reached: also a TemplateException, with another reason. */
    @Test
    void aSmallStackIsEnough() throws InterruptedException {
        List<Throwable> ends = new ArrayList<>();
        Thread thread = new Thread(null, () -> {
            for (String template : List.of(
                    "{{ " + "(".repeat(140) + "1" + ")".repeat(140) + " }}",
                    "{% if 1 %}".repeat(140),
                    "{{ 1" + " + 1".repeat(5000) + " }}", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                    "{% set ns = namespace(l=[]) %}{% for i in range(290) %}{% set ns.l = [ns.l] %}{% endfor %}"
                            + "{{ ns.l|tojson }}")) {
                try {
                    ChatTemplate.of(template, Map.of()).render(Map.of());
                    ends.add(new TemplateException("rendered"));
                } catch (RuntimeException | Error e) {
                    ends.add(e);
                }
            }
        }, "small", 192 << 10);
        thread.start();
        thread.join();
        assertThat(ends).hasSize(5).hasOnlyElementsOfType(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{{ ''.__class__.__mro__ }}", "{{ ''['__class__']['__mro__'] }}", "{{ messages.getClass().getName() }}",
        "{{ messages.__init__.__globals__ }}", "{{ ''|attr('__class__')|attr('x')}}{{ ''.__class__() }}",
        "{{ messages.append(1) }}", "{{ messages[0].update({}) }}", "{{ messages[0].pop('role') }}",
        "{{ messages.clear() }}",
        "{{ messages.class.forName('java.lang.Runtime') }}", "{{ '{0.__class__.x}'.format(messages) }}",
        "{{ range.__call__.x }}", "{% include '/etc/passwd' %}", "{% import 'x' as y %}", "{{ self.x() }}",
        "{{ cycler('a') }}",
    })
    void nothingBehindTheValuesCanBeReached(String template) {
        refused(template, Map.of("messages", List.of(Map.of("role", "user", "content", "x"))), "line 1: ");
    }

    @Test
    void onlyPlainValuesGoIn() {
        ChatTemplate template = ChatTemplate.of("{{ x }}", Map.of());
        for (Object value : List.of(new Date(), new Object(), 'c', new int[1], Set.of(1), Map.of(1, 2),
                Thread.currentThread(), new AtomicInteger(), new StringBuilder(), List.of(List.of(new Object())))) {
            assertThatIllegalArgumentException().isThrownBy(() -> template.render(Map.of("x", value)))
                    .withMessageContaining("x");
        }
        assertThat(template.render(Map.of("x", List.of((byte) 1, (short) 2, 3, 4L, 5f, 6d, true, "s"))))
                .isEqualTo("[1, 2, 3, 4, 5.0, 6.0, True, 's']");
    }

    @Test
    void endlessInputIsRefused() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatIllegalArgumentException().isThrownBy(() -> render("", Map.of("x", endless)));
        Map<String, Object> map = new HashMap<>();
        map.put("x", map);
        assertThatIllegalArgumentException().isThrownBy(() -> render("", map));
        List<Object> doubling = List.of();
        for (int i = 0; i < 100; i++) {
            doubling = List.of(doubling, doubling);
        }
        List<Object> wide = doubling;
        assertTimeoutPreemptively(GENEROUS, () ->
                assertThatIllegalArgumentException().isThrownBy(() -> render("", Map.of("x", wide))));
    }

    @Test
    void raisedTextComesThrough() {
        refused("\n\n{{ raise_exception('Roles must alternate: ' ~ 5) }}", "line 3: Roles must alternate: 5");
        String huge = "y".repeat(5_000_000);
        assertThatThrownBy(() -> ChatTemplate.of("{{ raise_exception(x) }}", Map.of()).render(Map.of("x", huge)))
                .isInstanceOf(TemplateException.class).message().hasSizeLessThan(3000);
    }

    @Test
    void errorsNameTheLine() {
        refused("a\n{{ 1 }}\n{{ missing.x }}", "line 3: 'missing' is undefined");
        refused("a\n\n{% for x in 5 %}{% endfor %}", "line 3: 'int' object is not iterable");
        refused("{% macro m() %}\n\n{{ 1 + none }}{% endmacro %}\n{{ m() }}", "line 3: unsupported operand types");
        refused("{{ [\n1,\n2 // 0\n] }}", "line 3: integer division or modulo by zero");
        refused("\n{% foo %}", "line 2: Encountered unknown tag 'foo'.");
        refused("\n\n{{ x | nosuch }}", "line 3: No filter named 'nosuch'.");
        refused("\n{{ x is nosuch }}", "line 2: No test named 'nosuch'.");
        refused("\n{% if 1 %}\n", "line 2: Unexpected end of template");
        refused("\r\n\r\n{{ 'a", "line 3: string without end");
        refused("x\n{# y", "line 2: missing end of comment tag");
        refused("{%- if x\n\n%}\n{{ ) }}", "line 4: unexpected ')'");
    }

    @Test
    void hostileContentIsLinear() {
        String template = "{% for m in messages %}"
                + "{{ m.content.split('</think>')[-1].strip().replace('<', '[') | trim }}"
                + "{{ m.content | tojson }}{{ '</think>' in m.content }}{{ m.content.rsplit('x', 1)|length }}"
                + "{{ m.content.find(m.content[1:]) }}{{ m.content.rfind(m.content[:-1]) }}"
                + "{{ m.content.count('aa') }}{% endfor %}";
        ChatTemplate chat = ChatTemplate.of(template, Map.of());
        int size = 1 << 20;
        for (String content : List.of("a".repeat(size), "<".repeat(size), " ".repeat(size), "\"\\".repeat(size / 2),
                "😀".repeat(size / 2), "</think>".repeat(size / 8), "a<".repeat(size / 2), "a".repeat(size - 1) + "b")) {
            assertTimeoutPreemptively(GENEROUS, () ->
                    assertThat(chat.renderSpans(List.of(Message.user(content)), false)).isNotEmpty());
        }
    }

    @Test
    void oddCharactersPassThrough() {
        ChatTemplate template = ChatTemplate.of("<{{ messages[0].content }}>{{ messages[0].content|length }}"
                + "{{ messages[0].content|upper|trim }}{{ messages[0].content|tojson }}"
                + "{{ messages[0].content[::-1]|length }}", Map.of());
        for (String content : List.of("\0", "a\0b", "\ud800", "x\udc00y", "\ud83d", "\ude00\ud83d", "\ufffe\uffff",
                "\u2028", "\ufeff", "\r\n", "{{ 1 }}{% if %}{#")) {
            assertThat(template.render(List.of(Message.user(content)), false)).startsWith("<" + content + ">");
            assertThat(template.renderSpans(List.of(Message.user(content)), false).get(1).text()).isEqualTo(content);
        }
    }
}
