package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The turns written out by hand from the description of the original's. */
class MedicalPromptTest {
    private static final MedicalItem ITEM = item();

    @Test
    void m1sTurn() {
        assertThat(MedicalPrompt.M1.render(ITEM)).isEqualTo("""
                Which one {}?
                A. Oxygen
                C. Zinc
                B. Rest
                Return your final response within \\boxed{}.""");
    }

    @Test
    void chainOfThoughtBaseline() {
        assertThat(MedicalPrompt.COT.render(ITEM)).endsWith("""

                B. Rest
                Let's think step by step. Return your final response within \\boxed{}.""");
    }

    @Test
    void otherTexts() {
        MedicalPrompt prompt = MedicalPrompt.M1.withPrefix("An exam.").withInstruction("Letter only.");
        assertThat(prompt.render(ITEM)).isEqualTo("An exam.\nWhich one {}?\nA. Oxygen\nC. Zinc\nB. Rest\nLetter only.");
        assertThat(new MedicalPrompt(null, null).render(ITEM)).isEqualTo("Which one {}?\nA. Oxygen\nC. Zinc\nB. Rest");
    }

    private static MedicalItem item() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("A", "Oxygen");
        options.put("C", "Zinc");
        options.put("B", "Rest");
        return new MedicalItem("s", 0, "Which one {}?", options, "B", "Rest");
    }
}
