package dev.m1.thinking;

import static dev.m1.thinking.ScriptedRun.run;
import static dev.m1.thinking.ThinkingBudget.upTo;
import static dev.m1.thinking.ThinkingProtocol.M1;
import static dev.m1.thinking.ThinkingProtocol.M1_EXACT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The quirks of the original one by one, and all together against the original's procedure. */
class M1ExactTest {
    private static final ToyVocabulary V = ToyVocabulary.INSTANCE;
    private static final String STOP = "<|im_start|>";
    private static final String[] WORDS = {"a", "b", "ab", " a", ".", ".\n", "\n", " ", "c", STOP, "<|im_end|>"};

    private static ThinkingProtocol with(Quirk... quirks) {
        return M1.toBuilder("TEST").quirks(Set.of(quirks)).build();
    }

    @Test
    void theStopTokenCounts() {
        ThinkingProtocol p = with(Quirk.STOP_TOKEN_COUNTS);
        assertThat(run(p, upTo(4), "a", "b", STOP).end).isEqualTo(ThinkingEnd.NATURAL); // 2 + 1 < 4
        ScriptedRun equal = run(p, upTo(3), "a", "b", STOP, "c"); // 2 + 1 = 3: cut, with complete text
        assertThat(equal.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(equal.thinking).hasToString("ab");
        ScriptedRun longer = run(p, upTo(2), "a", "b", STOP, "c"); // 2 >= 2: cut at once
        assertThat(longer.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(longer.thinking).hasToString("ab");
        assertThat(longer.controller.ledger().fed()).isEqualTo(longer.fed);
    }

    @Test
    void tokensAreCountedInTheText() {
        // "a" + "b" is the one token "ab" in the text: 1 + 1 (Wait) < 3, by ids 2 + 1 >= 3
        assertThat(run(with(Quirk.COUNT_BY_TEXT), upTo(3).withWaits(1), "a", "b", STOP, STOP)
                        .controller
                        .waits())
                .isEqualTo(1);
        assertThat(run(M1, upTo(3).withWaits(1), "a", "b", STOP, STOP)
                        .controller
                        .waits())
                .isZero();
    }

    @Test
    void waitDoublesASpaceAndNeverAddsOne() {
        ThinkingProtocol p = with(Quirk.WAIT_DOUBLES_SPACE);
        assertThat(run(p, upTo(20).withWaits(1), "a", " ", STOP, STOP).thinking).hasToString("a  Wait");
        assertThat(run(p, upTo(20).withWaits(1), "a", ".", STOP, STOP).thinking).hasToString("a.Wait");
    }

    @Test
    void aCutSampleMayWait() {
        ThinkingProtocol p = with(Quirk.WAIT_AFTER_CUT, Quirk.COUNT_BY_TEXT, Quirk.STOP_TOKEN_COUNTS);
        // cut after "a" "b" "a" "b"; its text counts 2, and 2 + 1 < 4
        ScriptedRun r = run(p, upTo(4).withWaits(1), "a", "b", "a", "b", "c", STOP);
        assertThat(r.thinking).hasToString("abab Waitc");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET); // the round had 4 - 3 = 1 token
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void waitTextIsForgottenAfterItsRound() {
        // rounds of 1 token: 1, +1 Wait, 1, +1 Wait …: counted, the cap of 6 ends it after two Waits; uncounted, after
        // four
        String[] script = {"a", STOP, "b", STOP, "c", STOP, "a", STOP, "b", STOP, "c", STOP, "a"};
        assertThat(run(M1, upTo(6).withWaits(9), script).controller.waits()).isEqualTo(2);
        assertThat(run(with(Quirk.WAIT_TEXT_NOT_COUNTED), upTo(6).withWaits(9), script)
                        .controller
                        .waits())
                .isEqualTo(4);
    }

    @Test
    void joiningAsTextMergesTokensAndKeepsTheCommonPrefix() {
        ScriptedRun r = run(M1_EXACT, upTo(20), "a", ".", STOP, "c");
        assertThat(r.idsAfterPrompt())
                .containsExactly(
                        V.id("<|im_start|>"),
                        V.id("think"),
                        V.id("\n"),
                        V.id("a"),
                        V.id(".\n"),
                        V.id("<|im_start|>"),
                        V.id("answer"),
                        V.id("c"));
        assertThat(r.controller.ledger().discarded()).isEqualTo(1); // the lone "." had been fed
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
        ScriptedRun ids = run(M1, upTo(20), "a", ".", STOP, "c");
        assertThat(ids.idsAfterPrompt()).contains(V.id("."), V.id("\n"));
    }

    @Property(tries = 3000)
    void equalsTheOriginalProcedure(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int budget,
            @ForAll @IntRange(max = 4) int waits,
            @ForAll @IntRange(min = 1, max = 12) int maxAnswer) {
        Function<int[], Integer> model = hashModel(seed);
        OriginalAlgorithm original = new OriginalAlgorithm(model);
        original.run(ScriptedRun.PROMPT, budget, waits, maxAnswer);
        ScriptedRun ours = new ScriptedRun(M1_EXACT, upTo(budget).withWaits(waits), maxAnswer).to(model);
        assertThat(ours.thinking).hasToString(original.thinking);
        assertThat(ours.end).isEqualTo(original.thinkingCut ? ThinkingEnd.BUDGET : ThinkingEnd.NATURAL);
        assertThat(ours.controller.waits()).isEqualTo(original.waits);
        String prefix = new ProtocolTokens(M1_EXACT, V).closeText(ours.end == ThinkingEnd.NATURAL);
        assertThat(prefix + ours.answer).isEqualTo(original.response);
        assertThat(ours.finish).isEqualTo(original.responseCut ? FinishReason.LENGTH : FinishReason.STOP);
        assertThat(ours.controller.ledger().fed()).isEqualTo(ours.fed);
    }

    /** A model whose next token depends on all ids before it, and on nothing else. */
    static Function<int[], Integer> hashModel(long seed) {
        return ids -> {
            long h = (Arrays.hashCode(ids) * 0x9E3779B97F4A7C15L) ^ seed;
            h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
            return V.id(WORDS[Math.floorMod(h ^ (h >>> 32), WORDS.length)]);
        };
    }
}
