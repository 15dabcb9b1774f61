package dev.m1.bench.medical;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A multiple-choice question.
 *
 * @param source set it belongs to
 * @param index place in the file's list of that source, from 0, dropped items counted; with the source its identity
 * @param question stem
 * @param options letter to text, in the order of the file
 * @param answerIdx letter of the right option
 * @param answer text of the right option
 */
public record MedicalItem(
        String source, int index, String question, Map<String, String> options, String answerIdx, String answer) {

    public MedicalItem {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Key that no other item of the file has. */
    public String id() {
        return source + "#" + index;
    }

    /**
     * Key that items with the same stem share, within a source and across: the two MedBullets sets ask the same
     * questions with four and five options, and GPQA's medical set repeats most of its own. Case and white space do not
     * tell stems apart.
     */
    public String cluster() {
        return PythonText.lower(question.strip().replaceAll("\\s+", " "));
    }

    /** A model's answer to this question, to be scored. */
    public AnswerItem answered(String text) {
        return new AnswerItem(text, options, answerIdx, answer);
    }
}
