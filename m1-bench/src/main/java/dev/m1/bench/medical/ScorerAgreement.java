package dev.m1.bench.medical;

import dev.m1.bench.medical.stats.Agreement;
import dev.m1.bench.medical.stats.FlipTable;
import java.util.List;

/** How far the two scorers agree on the same answers: where they differ, an accuracy depends on wording. */
public final class ScorerAgreement {
    private ScorerAgreement() {}

    /**
     * The m1-compatible scorer first, the strict one second.
     *
     * @param m1 its scores
     * @param strict scores of the same answers in the same order
     */
    public static Agreement of(List<M1Score> m1, List<StrictScore> strict) {
        if (m1.isEmpty() || m1.size() != strict.size()) {
            throw new IllegalArgumentException(m1.size() + " scores and " + strict.size() + " strict ones");
        }
        boolean[] first = new boolean[m1.size()];
        boolean[] second = new boolean[m1.size()];
        int sameLetter = 0;
        int unparsed = 0;
        for (int i = 0; i < first.length; i++) {
            first[i] = m1.get(i).correct();
            second[i] = strict.get(i).correct();
            sameLetter += strict.get(i).parsed() && strict.get(i).letter().equals(m1.get(i).letter()) ? 1 : 0;
            unparsed += strict.get(i).parsed() ? 0 : 1;
        }
        return new Agreement(FlipTable.of(first, second), sameLetter, unparsed);
    }
}
