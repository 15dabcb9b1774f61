/**
 * Runs named sets of the JMH benchmarks, keeps what came out as one file per machine, day and commit, and compares two
 * such files.
 */
package dev.m1.bench.runner;
