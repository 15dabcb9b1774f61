package dev.m1.bench.medical;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Answers with what the original returned for them. */
record ScoredAnswer(String where, AnswerItem item, String extracted, String rule, String letter, boolean correct) {

    static List<ScoredAnswer> read(Path file) throws IOException {
        List<ScoredAnswer> answers = new ArrayList<>();
        JsonLines.read(file, (line, json) -> answers.add(new ScoredAnswer(
                file.getFileName() + ":" + line,
                new AnswerItem(
                        json.get("text").textValue(),
                        ItemFields.options(json),
                        json.get("answer_idx").textValue(),
                        json.get("answer").textValue()),
                json.get("extracted_answer").textValue(),
                json.get("rule").textValue(),
                letter(json),
                json.get("correct").booleanValue())));
        return answers;
    }

    /**
     * The original names a letter only where its matcher was asked; the rules before it hit on the right letter alone.
     */
    private static String letter(JsonNode json) {
        return json.get(json.get("match_on_extracted").isNull() ? "answer_idx" : "match_on_extracted").textValue();
    }

    /** Ours in the same form. */
    ScoredAnswer scored() {
        M1Score score = M1Scorer.score(item);
        return new ScoredAnswer(
                where, item, score.extracted(), score.rule().group(), score.letter(), score.correct());
    }
}
