package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.m1.bench.medical.stats.Agreement;
import dev.m1.bench.medical.stats.FlipTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScorerAgreementTest {
    @Test
    void countsVerdictsLettersAndParseFailures() {
        Agreement agreement = ScorerAgreement.of(
                List.of(
                        new M1Score("B", M1Rule.LETTER, "B", true),
                        new M1Score("x", M1Rule.SIMILARITY, "B", true),
                        new M1Score("x", M1Rule.LONE_LETTER, "A", false),
                        new M1Score("x", M1Rule.ANSWER_IS, "A", false),
                        new M1Score("x", M1Rule.NONE, null, false)),
                List.of(
                        new StrictScore("B", true, true),
                        new StrictScore(null, false, false),
                        new StrictScore("B", true, true),
                        new StrictScore("A", false, true),
                        new StrictScore(null, false, false)));
        assertThat(agreement).isEqualTo(new Agreement(new FlipTable(1, 1, 1, 2), 2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> ScorerAgreement.of(List.of(), List.of()));
    }
}
