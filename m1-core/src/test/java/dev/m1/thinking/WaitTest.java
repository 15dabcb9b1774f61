package dev.m1.thinking;

import static dev.m1.thinking.ScriptedRun.run;
import static dev.m1.thinking.ThinkingBudget.upTo;
import static dev.m1.thinking.ThinkingProtocol.M1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Waits in the m1 protocol: when one is appended, how it is set off, what it costs. */
class WaitTest {
    private static final String STOP = "<|im_start|>";

    @Test
    void isAppendedAfterANaturalEndWithASpace() {
        ScriptedRun r = run(M1, upTo(20).withWaits(1), "a", ".", STOP, "b", STOP, "c");
        assertThat(r.thinking).hasToString("a. Waitb");
        assertThat(r.log).containsExactly("wait 1 ' Wait'", "end NATURAL");
        assertThat(r.answer).hasToString("c");
        assertThat(r.controller.waits()).isEqualTo(1);
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void getsNoSpaceAfterWhiteSpaceOrNothing() {
        assertThat(run(M1, upTo(20).withWaits(1), "a", ".\n", STOP, STOP).thinking).hasToString("a.\nWait");
        assertThat(run(M1, upTo(20).withWaits(1), "a", " ", STOP, STOP).thinking).hasToString("a Wait");
        assertThat(run(M1, upTo(20).withWaits(1), STOP, STOP).thinking).hasToString("Wait");
    }

    @Test
    void countsAgainstTheBudget() {
        // "a" and " Wait" use 2 of 4: two more fit, a third is cut
        ScriptedRun r = run(M1, upTo(4).withWaits(1), "a", STOP, "b", "c", "a", "b");
        assertThat(r.thinking).hasToString("a Waitbc");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.controller.ledger().thinking()).isEqualTo(3);
    }

    @Test
    void isLeftOutWhenItWouldFillTheBudget() {
        // 2 + 1 >= 3: nothing is appended and the end stays natural
        ScriptedRun r = run(M1, upTo(3).withWaits(5), "a", "b", STOP, "c");
        assertThat(r.thinking).hasToString("ab");
        assertThat(r.end).isEqualTo(ThinkingEnd.NATURAL);
        assertThat(r.controller.waits()).isZero();
        // 2 + 1 < 4: there is room
        assertThat(run(M1, upTo(4).withWaits(1), "a", "b", STOP, STOP).thinking).hasToString("ab Wait");
    }

    @Test
    void aRoundMayStopAtOnce() {
        ScriptedRun r = run(M1, upTo(50).withWaits(3), "a", STOP, STOP, STOP, STOP, "b");
        assertThat(r.thinking).hasToString("a Wait Wait Wait");
        assertThat(r.controller.waits()).isEqualTo(3);
        assertThat(r.end).isEqualTo(ThinkingEnd.NATURAL);
        assertThat(r.answer).hasToString("b");
    }

    @Test
    void doesNotFollowACut() {
        ScriptedRun r = run(M1, upTo(2).withWaits(3), "a", "b", "c", "a");
        assertThat(r.thinking).hasToString("ab");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.controller.waits()).isZero();
    }

    @Test
    void doesNotFollowWhenTheHostAskedForAnAnswer() {
        ScriptedRun r = new ScriptedRun(M1, upTo(50).withWaits(3), 8);
        var model = ScriptedRun.saying("a", STOP, "b");
        r.step(model);
        r.controller.endThinking(ThinkingEnd.ANSWER_NOW);
        r.to(model);
        assertThat(r.thinking).hasToString("a");
        assertThat(r.controller.waits()).isZero();
    }

    @Test
    void mayHaveAnotherText() {
        ScriptedRun r = run(M1, upTo(50).withWaits(1).withWaitText("abc"), "a", STOP, STOP);
        assertThat(r.thinking).hasToString("a abc");
    }

    @Test
    void afterARoundAtTheBudgetALongerOneIsCut() {
        ScriptedRun r = run(M1, upTo(6).withWaits(2), "a", STOP, "b", STOP, "c", "a", "b", "c");
        // a + Wait + b + Wait = 4, then c a = 6, then b is one too many
        assertThat(r.thinking).hasToString("a Waitb Waitca");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.controller.waits()).isEqualTo(2);
    }
}
