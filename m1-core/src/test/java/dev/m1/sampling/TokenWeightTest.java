package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenWeightTest {
    @Test
    void roundsTheExponentialToWholeUnits() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200_000; i++) {
            double x = -40 * random.nextDouble();
            double exact = StrictMath.exp(x) * 0x1p40;
            // Half a unit of rounding; the end of the series, (ln(2) / 2)^12 / 12! = 6.3e-15 of 2^40 units; 4 ulp of a
            // double for the arithmetic (2^40 * 2^-52 = 2^-12 units each).
            double tolerance = 0.5 + 6.3e-15 * 0x1p40 + 4 * 0x1p-12;
            assertThat(Math.abs(TokenWeight.of(x) - exact)).as("x = %s", x).isLessThanOrEqualTo(tolerance);
        }
    }

    @Test
    void theLikeliestWeighsExactlyOne() {
        assertThat(TokenWeight.of(0.0)).isEqualTo(TokenWeight.ONE).isEqualTo(1L << 40);
        assertThat(TokenWeight.of(-0.0)).isEqualTo(TokenWeight.ONE);
        assertThat(TokenWeight.of(-Double.MIN_VALUE)).isEqualTo(TokenWeight.ONE);
    }

    @Test
    void whatIsFarBelowWeighsNothing() {
        double half = Math.log(0x1p-41); // where rounding to whole units turns to 0
        assertThat(TokenWeight.of(half + 1e-3)).isEqualTo(1);
        assertThat(TokenWeight.of(half - 1e-3)).isZero();
        assertThat(TokenWeight.of(-1e300)).isZero();
        assertThat(TokenWeight.of(Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void neverRisesWhenTheLogitFalls() {
        long last = TokenWeight.ONE;
        for (double x = 0; x > -33; x -= 1e-4) {
            long weight = TokenWeight.of(x);
            assertThat(weight).as("x = %s", x).isLessThanOrEqualTo(last);
            last = weight;
        }
    }
}
