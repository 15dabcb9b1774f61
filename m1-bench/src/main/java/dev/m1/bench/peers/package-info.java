/**
 * Side-by-side measurements with other inference engines on the same weights and the same prompt; the script {@code
 * m1-bench/peers/run.sh} starts each engine in turn and this package writes their model file, reads what they say and
 * makes the table.
 */
package dev.m1.bench.peers;
