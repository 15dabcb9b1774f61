package dev.m1.cuda.kernels;

/**
 * What a launch is made for; the step at hand may have less of everything.
 *
 * @param tokens new tokens
 * @param wanted rows that want logits
 */
public record Bucket(int tokens, int wanted) {}
