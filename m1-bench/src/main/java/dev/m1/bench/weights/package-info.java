/** What rounding weights does to a model: its perplexity and its greedy choices on a text. */
package dev.m1.bench.weights;
