package dev.m1.bench.medical.stats;

/**
 * Interval for the change of a proportion between two settings of the same questions: Wald's after one flip is added to
 * each direction, which keeps its coverage in small samples and never has no width.
 *
 * @see <a href="https://doi.org/10.3102/1076998611411915">Bonett and Price (2012)</a>
 */
public final class PairedDifference {
    private PairedDifference() {}

    /** 95 % interval for the accuracy after minus the accuracy before, within [-1, 1]. */
    public static Interval interval(FlipTable flips) {
        double n = flips.n() + 2.0;
        double gained = (flips.wrongToRight() + 1) / n;
        double lost = (flips.rightToWrong() + 1) / n;
        double difference = gained - lost;
        double half = Wilson.quantile(Wilson.CONFIDENCE)
                * Math.sqrt((gained + lost - difference * difference) / n);
        return new Interval(Math.max(-1, difference - half), Math.min(1, difference + half));
    }
}
