package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.bench.medical.JsonLines;
import dev.m1.thinking.Marker;
import dev.m1.thinking.Quirk;
import dev.m1.thinking.ThinkingProtocol;
import java.util.List;

/** A thinking protocol as data, so that its hash names it. */
final class ProtocolText {
    private ProtocolText() {}

    /** Every part of the protocol, and the hash of all of them as {@code sha256}. */
    static ObjectNode of(ThinkingProtocol protocol) {
        ObjectNode parts = JsonLines.MAPPER.createObjectNode();
        parts.put("name", protocol.name()).put("thinking", protocol.hasThinking());
        put(parts, "open", protocol.open());
        put(parts, "naturalClose", protocol.naturalClose());
        put(parts, "cutClose", protocol.cutClose());
        parts.put("newlineBeforeNaturalClose", protocol.newlineBeforeClose(true));
        parts.put("newlineBeforeCutClose", protocol.newlineBeforeClose(false));
        put(parts, "thinkingStops", protocol.thinkingStops());
        put(parts, "answerStops", protocol.answerStops());
        parts.put("waitSpacing", protocol.waitSpacing().name());
        parts.put("roundBudget", protocol.roundBudget().name());
        parts.put("minTokensAfterWait", protocol.minTokensAfterWait());
        parts.put("join", protocol.join().name());
        ArrayNode quirks = parts.putArray("quirks");
        for (Quirk quirk : Quirk.values()) {
            if (protocol.has(quirk)) {
                quirks.add(quirk.name());
            }
        }
        return parts.put("sha256", Fingerprint.ofText(parts.toString()));
    }

    private static void put(ObjectNode parts, String name, Marker marker) {
        if (marker.ids() == null) {
            parts.put(name, marker.text());
        } else {
            ArrayNode ids = parts.putArray(name);
            marker.ids().forEach(ids::add);
        }
    }

    private static void put(ObjectNode parts, String name, List<String> values) {
        ArrayNode array = parts.putArray(name);
        values.forEach(array::add);
    }
}
