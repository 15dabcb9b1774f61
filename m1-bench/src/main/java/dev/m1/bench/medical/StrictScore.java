package dev.m1.bench.medical;

/**
 * What the strict scorer makes of an answer.
 *
 * @param letter the option that was stated; null for a parse failure
 * @param correct whether it is the right one; never with a parse failure
 * @param parsed whether an option was stated at all
 */
public record StrictScore(String letter, boolean correct, boolean parsed) {}
