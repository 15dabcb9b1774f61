package dev.m1.bench.medical.stats;

/**
 * Two judges of the same answers, here two scorers.
 *
 * @param verdicts from the one's verdict to the other's; {@code rightToWrong} = only the first says right
 * @param sameLetter answers that both take for the same option
 * @param unparsed answers the second could not read
 */
public record Agreement(FlipTable verdicts, int sameLetter, int unparsed) {
    /** Share of equal verdicts. */
    public double observed() {
        return (double) (verdicts.bothRight() + verdicts.bothWrong()) / verdicts.n();
    }

    /**
     * Cohen's kappa: agreement beyond what two judges with these rates reach by chance, in [-1, 1]; NaN where both
     * always say the same one thing.
     */
    public double kappa() {
        double n = verdicts.n();
        double first = (verdicts.bothRight() + verdicts.rightToWrong()) / n;
        double second = (verdicts.bothRight() + verdicts.wrongToRight()) / n;
        double chance = first * second + (1 - first) * (1 - second);
        return (observed() - chance) / (1 - chance);
    }

    /** Share of answers the second could not read. */
    public double parseFailureRate() {
        return (double) unparsed / verdicts.n();
    }

    /** Share of answers that both take for the same option. */
    public double letterAgreement() {
        return (double) sameLetter / verdicts.n();
    }
}
