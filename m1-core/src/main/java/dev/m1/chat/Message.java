package dev.m1.chat;

import java.util.Objects;

/**
 * One turn of a conversation. Turns with more than these two fields (tool calls, reasoning content, parts of several
 * kinds) go as maps into {@link ChatTemplate#render(java.util.Map)}.
 *
 * @param role who speaks, as the template names it: {@code system}, {@code user}, {@code assistant}, {@code tool}, …
 * @param content what is said; any text, it never becomes a control token
 */
public record Message(String role, String content) {
    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
    }

    public static Message system(String content) {
        return new Message("system", content);
    }

    public static Message user(String content) {
        return new Message("user", content);
    }

    public static Message assistant(String content) {
        return new Message("assistant", content);
    }
}
