package dev.m1.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a benchmark moves and computes, which JMH turns into rates per second beside its score. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS) // summed over an iteration, divided by its time
public class Rates {
    /** New tokens. */
    public double tokens;

    /** Bytes that have to come from memory, in 10^9. */
    public double gigabytes;

    /** Floating-point products and sums, in 10^9. */
    public double gigaflops;

    @Setup(Level.Iteration)
    public void clear() {
        tokens = 0;
        gigabytes = 0;
        gigaflops = 0;
    }

    void add(double newTokens, double bytes, double operations) {
        tokens += newTokens;
        gigabytes += bytes / 1e9;
        gigaflops += operations / 1e9;
    }
}
