package dev.m1.bench.medical.report;

import dev.m1.bench.medical.stats.Agreement;
import java.util.Locale;

/** How far the two scorers agree. */
final class ScorerSection {
    private ScorerSection() {}

    static void write(Html html, RunStatistics s) {
        html.element("h2", "The two scorers", "id", "scorers");
        html.element(
                "p",
                "The m1 scorer reads an answer as the paper's code does and always finds some option, if need be the"
                        + " one whose text is most similar. The strict scorer counts only an option that is stated:"
                        + " boxed, or after “Answer:”. Budgets change the wording of answers; where the two differ,"
                        + " part of an effect is wording.");
        Table table = Table.open(
                html, "cell", "same verdict %", "Cohen’s kappa", "same option %", "right for m1 only",
                "right for strict only", "no option stated %");
        boolean withWaits = s.run().grid().waits().size() > 1;
        s.agreement().forEach((cell, a) -> table.row(
                Format.cell(cell, withWaits),
                Format.percent(a.observed()),
                kappa(a),
                Format.percent(a.letterAgreement()),
                Format.whole(a.verdicts().rightToWrong()),
                Format.whole(a.verdicts().wrongToRight()),
                Format.percent(a.parseFailureRate())));
        table.close();
    }

    private static String kappa(Agreement a) {
        return Double.isNaN(a.kappa()) ? "–" : String.format(Locale.ROOT, "%.2f", a.kappa());
    }
}
