package dev.m1.tokenizer;

import java.util.Objects;

/**
 * A part of a prompt. The text of a control span (of a chat template) may hold control tokens; the text of a literal
 * span (of a user) is never read as one.
 *
 * @param text    the characters of the span
 * @param literal true for text whose look-alikes of control tokens stay text
 */
public record TextSpan(String text, boolean literal) {
    public TextSpan {
        Objects.requireNonNull(text, "text");
    }
}
