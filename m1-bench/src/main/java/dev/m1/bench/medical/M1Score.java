package dev.m1.bench.medical;

/**
 * What the m1-compatible scorer makes of an answer.
 *
 * @param extracted content of the last {@code \boxed{}}, or the whole text
 * @param rule the rule that decided
 * @param letter the option it takes the answer for; null with {@link M1Rule#NONE}
 * @param correct whether that is the right option
 */
public record M1Score(String extracted, M1Rule rule, String letter, boolean correct) {}
