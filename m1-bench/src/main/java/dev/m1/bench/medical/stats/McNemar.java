package dev.m1.bench.medical.stats;

import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.special.Beta;

/**
 * McNemar's exact two-sided test of whether flips in one direction are as likely as in the other: given their number,
 * those in one direction are binomial with one half.
 *
 * @param exactP twice the tail up to the smaller number of flips, at most 1; never too small, often too large
 * @param midP the same with only half of the probability of what was observed (Fagerland, Lydersen and Laake 2013, who
 *     recommend it); 1 where the flips balance or there are none
 */
public record McNemar(double exactP, double midP) {
    public static McNemar of(FlipTable flips) {
        int n = flips.rightToWrong() + flips.wrongToRight();
        int smaller = Math.min(flips.rightToWrong(), flips.wrongToRight());
        if (2 * smaller == n) {
            return new McNemar(1, 1);
        }
        // P(X <= smaller) as the equal P(X >= n - smaller): the distribution's own lower tail is one minus the rest,
        // which leaves nothing of a small p-value.
        double tail = 2 * Beta.regularizedBeta(0.5, n - smaller, smaller + 1);
        double observed = new BinomialDistribution(null, n, 0.5).probability(smaller);
        return new McNemar(Math.min(1, tail), tail - observed);
    }
}
