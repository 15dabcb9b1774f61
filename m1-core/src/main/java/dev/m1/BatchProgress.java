package dev.m1;

/**
 * How far a batch of requests is.
 *
 * @param index of the request that just ended
 * @param outcome its outcome
 * @param done requests that have ended, this one included
 * @param failed those of them that failed
 * @param total requests in the batch
 */
public record BatchProgress(int index, Outcome outcome, int done, int failed, int total) {}
