package dev.m1.bench;

import dev.m1.chat.ChatTemplate;
import dev.m1.chat.Message;
import dev.m1.tokenizer.TextSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to parse a chat template and to render conversations, from one short question to a message of megabytes. */
@State(Scope.Benchmark) // a template is immutable: threads would share it
@BenchmarkMode(Mode.AverageTime) // a request renders once; its latency is what counts
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1) // an interpreter: hot after thousands of nodes
@Measurement(iterations = 5, time = 1)
@Fork(1) // a fresh profile per shape
public class ChatTemplateBenchmark {
    private static final String SOURCE = """
        {%- if messages[0].role == 'system' %}
            {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
        {%- endif %}
        {%- set ns = namespace(last=messages|length - 1) %}
        {%- for message in messages[::-1] %}
            {%- if message.role == 'user' and not message.content.startswith('<tool_response>') %}
                {%- set ns.last = messages|length - 1 - loop.index0 %}
            {%- endif %}
        {%- endfor %}
        {%- for message in messages %}
            {%- if message.role == 'user' %}
                {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
            {%- elif message.role == 'assistant' %}
                {%- set content = message.content %}
                {%- if '</think>' in content %}
                    {%- set content = content.split('</think>')[-1].lstrip('\\n') %}
                {%- endif %}
                {{- '<|im_start|>assistant\\n' + content | trim + '<|im_end|>\\n' }}
            {%- endif %}
        {%- endfor %}
        {%- if add_generation_prompt %}
            {{- '<|im_start|>assistant\\n' }}
        {%- endif %}\
        """;

    /** Turns of the conversation and characters of each. */
    @Param({"1x200", "40x2000", "1x5000000"})
    public String shape;

    private ChatTemplate template;
    private List<Message> messages;

    @Setup
    public void setUp() {
        int turns = Integer.parseInt(shape.substring(0, shape.indexOf('x')));
        int chars = Integer.parseInt(shape.substring(shape.indexOf('x') + 1));
        template = ChatTemplate.of(SOURCE, Map.of());
        messages = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < turns; i++) {
            String text = "word ".repeat(chars / 5).strip();
            boolean user = i % 2 == 0;
            messages.add(user ? Message.user(text) : Message.assistant("<think>\nhm\n</think>\n\n" + text));
            expected.append("<|im_start|>")
                    .append(user ? "user" : "assistant")
                    .append('\n')
                    .append(text)
                    .append("<|im_end|>\n");
        }
        expected.append("<|im_start|>assistant\n");
        if (!template.render(messages, true).contentEquals(expected)) {
            throw new IllegalStateException("the template renders something else");
        }
    }

    @Benchmark
    public ChatTemplate parse() {
        return ChatTemplate.of(SOURCE, Map.of());
    }

    @Benchmark
    public String render() {
        return template.render(messages, true);
    }

    @Benchmark
    public List<TextSpan> renderSpans() {
        return template.renderSpans(messages, true);
    }
}
