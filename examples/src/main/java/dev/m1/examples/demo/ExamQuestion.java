package dev.m1.examples.demo;

import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.MedicalPrompt;
import java.util.OptionalInt;

/**
 * A question of the exam.
 *
 * @param item question, options and right answer
 * @param unseen how many of the question's findings the small checkpoint was never trained on; empty if not known
 */
public record ExamQuestion(MedicalItem item, OptionalInt unseen) {
    /** The text of the user's turn, as m1 writes it. */
    public String prompt() {
        return MedicalPrompt.M1.render(item);
    }
}
