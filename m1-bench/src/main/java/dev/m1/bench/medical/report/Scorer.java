package dev.m1.bench.medical.report;

import java.util.Locale;

/** The two judges of every answer. */
public enum Scorer {
    /** The paper's; it always finds some answer. */
    M1("m1", "m1 scorer"),
    /** Counts only what is stated. */
    STRICT("strict", "strict scorer");

    private final String key;
    private final String title;

    Scorer(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Name in files and on the command line. */
    public String key() {
        return key;
    }

    /** Name for people. */
    public String title() {
        return title;
    }

    /**
     * A scorer by its key, case ignored.
     *
     * @throws IllegalArgumentException naming the ones there are
     */
    public static Scorer named(String key) {
        for (Scorer scorer : values()) {
            if (scorer.key.equals(key.toLowerCase(Locale.ROOT))) {
                return scorer;
            }
        }
        throw new IllegalArgumentException("no scorer '" + key + "'; there are m1 and strict");
    }
}
