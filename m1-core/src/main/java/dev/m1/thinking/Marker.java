package dev.m1.thinking;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A piece of a protocol's frame, given as text or as ids. Text is encoded with control tokens parsed.
 *
 * @param text the text; for a marker of ids it is what they decode to, filled in when the protocol meets a vocabulary
 * @param ids the ids, or null when the marker is text
 */
public record Marker(String text, List<Integer> ids) {
    /** The empty marker. */
    public static final Marker NONE = text("");

    public Marker {
        Objects.requireNonNull(text, "text");
        ids = ids == null ? null : List.copyOf(ids);
    }

    public static Marker text(String text) {
        return new Marker(text, null);
    }

    public static Marker ids(int... ids) {
        return new Marker("", Arrays.stream(ids).boxed().toList());
    }

    boolean isEmpty() {
        return ids == null ? text.isEmpty() : ids.isEmpty();
    }
}
