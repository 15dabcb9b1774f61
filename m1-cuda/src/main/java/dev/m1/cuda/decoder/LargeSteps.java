package dev.m1.cuda.decoder;

/**
 * The pass for steps that no graph covers.
 *
 * @param pass of steps with enough tokens
 * @param leastTokens how many are enough
 */
record LargeSteps(ForwardPass pass, int leastTokens) {}
