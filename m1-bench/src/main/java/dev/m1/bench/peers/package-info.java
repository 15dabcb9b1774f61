/**
 * Side-by-side measurements with other inference engines on the same weights and the same prompts. The script {@code
 * m1-bench/peers/run.sh} prepares the engines; this package writes their model files, gives them turns, and makes the
 * results file and the table.
 */
package dev.m1.bench.peers;
