package dev.m1.thinking;

import static dev.m1.thinking.ScriptedRun.run;
import static dev.m1.thinking.ThinkingBudget.upTo;
import static dev.m1.thinking.ThinkingProtocol.M1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The m1 protocol without Waits: opening, natural and forced ends, answer. */
class M1ProtocolTest {
    private static final ToyVocabulary V = ToyVocabulary.INSTANCE;

    @Test
    void opensThinkingAfterTheRenderedPrompt() {
        ScriptedRun r = new ScriptedRun(M1, upTo(8), 16);
        assertThat(r.idsAfterPrompt()).containsExactly(V.id("<|im_start|>"), V.id("think"), V.id("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<|im_start|>", "<|im_end|>", "<|endoftext|>"})
    void anyStopEndsThinkingNaturallyAndIsNotPartOfIt(String stop) {
        ScriptedRun r = run(M1, upTo(8), "a", " b", stop, "c");
        assertThat(r.end).isEqualTo(ThinkingEnd.NATURAL);
        assertThat(r.thinking).hasToString("a b");
        assertThat(r.afterPrompt()).isEqualTo("<|im_start|>think\na b\n<|im_start|>answerc");
        assertThat(r.answer).hasToString("c");
        assertThat(r.finish).isEqualTo(FinishReason.STOP);
    }

    @Test
    void thinkingOfExactlyTheBudgetIsANaturalEnd() {
        ScriptedRun r = run(M1, upTo(3), "a", "b", "c", "<|im_start|>", "a");
        assertThat(r.end).isEqualTo(ThinkingEnd.NATURAL);
        assertThat(r.thinking).hasToString("abc");
    }

    @Test
    void thinkingOneTokenLongerIsCutAtTheBudget() {
        ScriptedRun r = run(M1, upTo(3), "a", "b", "c", "a", "b", "<|im_end|>");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.thinking).hasToString("abc");
        assertThat(r.afterPrompt()).isEqualTo("<|im_start|>think\nabc\n<|im_start|>answer\nFinal Answer:b");
        assertThat(r.answer).hasToString("b"); // the id sampled past the cap is dropped, not answered with
    }

    @Test
    void theForcedEndIsInTheIdsThePaperUses() {
        ScriptedRun r = run(M1, upTo(1), "a", "b");
        assertThat(r.idsAfterPrompt())
                .containsExactly(
                        V.id("<|im_start|>"),
                        V.id("think"),
                        V.id("\n"),
                        V.id("a"),
                        V.id("\n"),
                        V.id("<|im_start|>"),
                        V.id("answer"),
                        V.id("\n"),
                        V.id("Final"),
                        V.id(" Answer"),
                        V.id(":"));
    }

    @Test
    void noNewlineIsAddedAfterANewline() {
        ScriptedRun natural = run(M1, upTo(8), "a", "\n", "<|im_start|>");
        assertThat(natural.afterPrompt()).isEqualTo("<|im_start|>think\na\n<|im_start|>answer");
        ScriptedRun cut = run(M1, upTo(2), "a", ".\n", "b");
        assertThat(cut.afterPrompt()).isEqualTo("<|im_start|>think\na.\n<|im_start|>answer\nFinal Answer:");
    }

    @Test
    void budgetZeroAnswersAtOnce() {
        ScriptedRun r = run(M1, upTo(0), "c");
        assertThat(r.end).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.thinking).isEmpty();
        assertThat(r.answer).hasToString("c");
        assertThat(r.afterPrompt()).isEqualTo("<|im_start|>think\n\n<|im_start|>answer\nFinal Answer:c");
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void emptyThinkingIsANaturalEnd() {
        ScriptedRun r = run(M1, upTo(4), "<|im_start|>", "a");
        assertThat(r.end).isEqualTo(ThinkingEnd.NATURAL);
        assertThat(r.thinking).isEmpty();
        assertThat(r.answer).hasToString("a");
    }

    @Test
    void theAnswerIsCapped() {
        ScriptedRun r = new ScriptedRun(M1, upTo(0), 2).to(ScriptedRun.saying("a", "b", "c"));
        assertThat(r.answer).hasToString("ab");
        assertThat(r.finish).isEqualTo(FinishReason.LENGTH);
        assertThat(r.controller.ledger().unfed()).isEqualTo(1);
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void theLedgerNamesEveryToken() {
        ScriptedRun r = run(M1, upTo(8), "a", "b", "<|im_start|>", "c", "a", "a");
        int prompt = V.encode(ScriptedRun.PROMPT).length;
        // injected: <|im_start|> think \n, and \n <|im_start|> answer
        assertThat(r.controller.ledger()).isEqualTo(new Ledger(prompt, 2, 6, 3, 0, 0));
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void theBudgetCanBeLoweredAndRaisedWhileItThinks() {
        ScriptedRun lowered = new ScriptedRun(M1, upTo(100), 16);
        var model = ScriptedRun.saying("a", "b", "c", "a", "b", "<|im_end|>");
        lowered.step(model);
        lowered.step(model);
        lowered.controller.setBudget(1);
        lowered.to(model);
        assertThat(lowered.thinking).hasToString("ab");
        assertThat(lowered.end).isEqualTo(ThinkingEnd.BUDGET);

        ScriptedRun raised = new ScriptedRun(M1, upTo(1), 16);
        model = ScriptedRun.saying("a", "b", "c", "<|im_start|>");
        raised.step(model);
        raised.controller.setBudget(3);
        raised.to(model);
        assertThat(raised.thinking).hasToString("abc");
        assertThat(raised.end).isEqualTo(ThinkingEnd.NATURAL);
    }

    @Test
    void answerNowTakesEffectAtTheNextTokenAndKeepsIt() {
        ScriptedRun r = new ScriptedRun(M1, upTo(100), 16);
        var model = ScriptedRun.saying("a", "b", "c");
        r.step(model);
        r.controller.endThinking(ThinkingEnd.ANSWER_NOW);
        r.to(model);
        assertThat(r.end).isEqualTo(ThinkingEnd.ANSWER_NOW);
        assertThat(r.thinking).hasToString("ab");
        assertThat(r.answer).hasToString("c");
        assertThat(r.afterPrompt()).contains("Final Answer:");
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void negativeNumbersAreRefusedWithTheirValue() {
        assertThatThrownBy(() -> upTo(-1)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("-1");
        assertThatThrownBy(() -> upTo(5).withWaits(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");
        assertThatThrownBy(() -> new ScriptedRun(M1, upTo(3), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
        ScriptedRun r = new ScriptedRun(M1, upTo(3), 4);
        assertThatThrownBy(() -> r.controller.setBudget(-7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-7");
    }
}
