package dev.m1.testing;

/**
 * Seeds of randomised tests. They are fixed, so that a failure repeats; {@code -Dm1.test.seed=N} moves all of them, so
 * that the same tests can be run over other cases.
 */
public final class Seeds {
    private static final String PROPERTY = "m1.test.seed";

    private Seeds() {}

    /** The test's own seed, moved by the property; to be named in what a failed assertion says. */
    public static long seed(long own) {
        return own + Long.getLong(PROPERTY, 0) * 1_000_003;
    }
}
