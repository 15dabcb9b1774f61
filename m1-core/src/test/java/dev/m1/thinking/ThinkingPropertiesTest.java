package dev.m1.thinking;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What holds of every protocol, budget and model. */
class ThinkingPropertiesTest {
    @Provide
    Arbitrary<ThinkingProtocol> protocols() {
        return Arbitraries.of(ThinkingProtocol.builtIn());
    }

    @Property
    void theLedgerAddsUpToWhatWasFed(
            @ForAll("protocols") ThinkingProtocol protocol,
            @ForAll long seed,
            @ForAll @IntRange(max = 30) int budget,
            @ForAll @IntRange(max = 4) int waits,
            @ForAll @IntRange(min = 1, max = 9) int maxAnswer) {
        ScriptedRun r =
                new ScriptedRun(protocol, upTo(budget).withWaits(waits), maxAnswer).to(M1ExactTest.hashModel(seed));
        Ledger l = r.controller.ledger();
        assertThat(l.fed()).isEqualTo(r.fed);
        assertThat(l.prompt() + l.thinking() + l.injected() + l.answer() - l.unfed())
                .isEqualTo(r.sequence.size());
        assertThat(l.thinking()).isEqualTo(r.thinkingIds.size());
        if (protocol.roundBudget() == ThinkingProtocol.RoundBudget.REMAINING) {
            boolean waitsFree = protocol.has(Quirk.COUNT_BY_TEXT);
            assertThat(l.thinking()).isLessThanOrEqualTo(waitsFree ? budget * (waits + 1) : budget);
        }
        assertThat(l.answer()).isLessThanOrEqualTo(maxAnswer);
        assertThat(r.controller.waits()).isLessThanOrEqualTo(waits);
    }

    /** The one-pass sweep rests on this. */
    @Property
    void thinkingOfASmallerBudgetIsAPrefixOfALargerOnes(
            @ForAll long seed, @ForAll @IntRange(max = 30) int small, @ForAll @IntRange(max = 30) int more) {
        for (ThinkingProtocol p : List.of(ThinkingProtocol.M1, ThinkingProtocol.QWEN3, ThinkingProtocol.S1)) {
            ScriptedRun a = new ScriptedRun(p, upTo(small), 3).to(M1ExactTest.hashModel(seed));
            ScriptedRun b = new ScriptedRun(p, upTo(small + more), 3).to(M1ExactTest.hashModel(seed));
            assertThat(b.thinkingIds.subList(0, a.thinkingIds.size())).isEqualTo(a.thinkingIds);
            if (a.end == ThinkingEnd.NATURAL) {
                assertThat(b.thinkingIds).isEqualTo(a.thinkingIds);
                assertThat(b.answer).hasToString(a.answer.toString());
            }
        }
    }
}
