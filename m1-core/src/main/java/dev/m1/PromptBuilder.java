package dev.m1;

import dev.m1.chat.ChatTemplate;
import dev.m1.chat.Message;
import dev.m1.thinking.Quirk;
import dev.m1.thinking.ThinkingProtocol;
import dev.m1.tokenizer.TextSpan;
import dev.m1.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Renders a conversation to token ids; message texts stay text unless a protocol's quirk says otherwise. */
final class PromptBuilder {
    private final ChatTemplate template;
    private final Tokenizer tokenizer;

    PromptBuilder(ChatTemplate template, Tokenizer tokenizer) {
        this.template = template;
        this.tokenizer = tokenizer;
    }

    /** A prompt in both forms. */
    record Prompt(String text, int[] ids) {}

    Prompt build(List<Message> messages, ThinkingProtocol protocol) {
        List<TextSpan> spans = template.renderSpans(messages, true);
        StringBuilder text = new StringBuilder();
        spans.forEach(s -> text.append(s.text()));
        int[] ids = protocol.has(Quirk.USER_TEXT_MAY_CONTAIN_CONTROL_TOKENS)
                ? tokenizer.encode(text.toString())
                : tokenizer.encode(spans);
        return new Prompt(text.toString(), ids);
    }

    /**
     * The prompt with as many leading tokens of the last user message as fit into {@code maxTokens}; null if not even
     * an empty message does.
     */
    Prompt buildTruncated(List<Message> messages, ThinkingProtocol protocol, int maxTokens) {
        int last = lastUserMessage(messages);
        if (last < 0) {
            return null;
        }
        int[] question = tokenizer.encodeLiteral(messages.get(last).content());
        int low = 0; // kept tokens that are known to fit, once checked below
        int high = question.length;
        Prompt best = null;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Prompt candidate = build(withQuestion(messages, last, head(question, middle)), protocol);
            if (candidate.ids().length <= maxTokens) {
                best = candidate;
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return best;
    }

    /** Text of the first ids, without a character that their end cuts in two. */
    private String head(int[] ids, int count) {
        var decoder = tokenizer.streamDecoder();
        StringBuilder text = new StringBuilder();
        for (int id : Arrays.copyOf(ids, count)) {
            text.append(decoder.append(id));
        }
        return text.toString();
    }

    private static List<Message> withQuestion(List<Message> messages, int index, String content) {
        List<Message> changed = new ArrayList<>(messages);
        changed.set(index, new Message(messages.get(index).role(), content));
        return changed;
    }

    private static int lastUserMessage(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role().equals("user")) {
                return i;
            }
        }
        return -1;
    }
}
