package dev.m1.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.ReasoningResult;
import dev.m1.Usage;
import java.time.Duration;
import java.util.Locale;

/** The one object that a command prints with {@code --json}. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode ids(int[] ids) {
        ArrayNode array = MAPPER.createArrayNode();
        for (int id : ids) {
            array.add(id);
        }
        return array;
    }

    static ObjectNode usage(Usage u) {
        return object().put("promptTokens", u.promptTokens())
                .put("thinkingTokens", u.thinkingTokens())
                .put("injectedTokens", u.injectedTokens())
                .put("answerTokens", u.answerTokens())
                .put("reusedTokens", u.reusedTokens())
                .put("discardedTokens", u.discardedTokens())
                .put("unfedTokens", u.unfedTokens())
                .put("fedTokens", u.fedTokens())
                .put("timeToFirstTokenSeconds", seconds(u.timeToFirstToken()))
                .put("thinkingSeconds", seconds(u.thinkingTime()))
                .put("answerSeconds", seconds(u.answerTime()));
    }

    static ObjectNode result(ReasoningResult r) {
        ObjectNode object = object().put("protocol", r.protocol())
                .put("thinking", r.thinking())
                .put("thinkingEnd", r.thinkingEnd().name().toLowerCase(Locale.ROOT))
                .put("waits", r.waits())
                .put("answerPrefix", r.answerPrefix())
                .put("answer", r.answer())
                .put("answerEnd", r.answerEnd().wireName())
                .put("thinkingEndDetail", r.thinkingEndDetail());
        object.set("usage", usage(r.usage()));
        return object;
    }

    static double seconds(Duration d) {
        return Math.round(d.toNanos() / 1e3) / 1e6;
    }

    /** On one line. */
    static String line(ObjectNode object) {
        try {
            return MAPPER.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of plain values can always be written
        }
    }
}
