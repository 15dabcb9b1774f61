package dev.m1.bench.medical;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Scores recorded answers: a file with an object {@code {"text", "options", "answer_idx", "answer"}} a line becomes a
 * line {@code {"m1": {"extracted", "rule", "matcher", "letter", "correct"}, "strict": {"letter", "correct", "parsed"}}}
 * for each. {@code rule} is {@link M1Rule#group()}; where that is {@code match}, {@code matcher} names the step. Other
 * fields of the input are ignored; {@code answer} may be left out, it is then the text of option {@code answer_idx}.
 */
public final class ScoreFile {
    /** ASCII, because the caller's encoding is unknown and an answer may hold anything, half a surrogate pair too. */
    private static final ObjectWriter WRITER = JsonLines.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private ScoreFile() {}

    /**
     * @param answers JSON Lines in UTF-8, or the same gzipped ({@code .gz}); blank lines are skipped
     * @param out receives a line for each answer, {@code \n} at its end; those before a bad line are written
     * @return number of answers scored
     * @throws DataException for a bad line; names file, line and what is wrong
     * @throws IOException if the file cannot be read or {@code out} not written
     */
    public static int score(Path answers, Appendable out) throws IOException {
        int[] scored = new int[1];
        read(answers, (m1, strict) -> {
            out.append(WRITER.writeValueAsString(line(m1, strict))).append('\n');
            scored[0]++;
        });
        return scored[0];
    }

    /** Takes what both scorers make of an answer. */
    public interface ScoreTaker {
        void take(M1Score m1, StrictScore strict) throws IOException;
    }

    /**
     * Scores every answer of a file, one after the other.
     *
     * @throws DataException for a bad line; names file, line and what is wrong
     * @throws IOException if the file cannot be read
     */
    public static void read(Path answers, ScoreTaker taker) throws IOException {
        JsonLines.read(answers, (line, object) -> {
            AnswerItem item = item(object);
            taker.take(M1Scorer.score(item), StrictScorer.score(item));
        });
    }

    private static AnswerItem item(JsonNode object) {
        String text = ItemFields.requiredText(object, "text");
        Map<String, String> options = ItemFields.options(object);
        String letter = ItemFields.requiredText(object, "answer_idx");
        String answer = ItemFields.text(object, "answer");
        return new AnswerItem(text, options, letter, answer == null ? options.getOrDefault(letter, "") : answer);
    }

    private static ObjectNode line(M1Score m1, StrictScore strict) {
        ObjectNode scores = JsonLines.MAPPER.createObjectNode();
        ObjectNode lenient = scores.putObject("m1");
        lenient.put("extracted", m1.extracted()).put("rule", m1.rule().group());
        if (m1.rule().matcher() != null) {
            lenient.put("matcher", m1.rule().matcher());
        }
        lenient.put("letter", m1.letter()).put("correct", m1.correct());
        scores.putObject("strict")
                .put("letter", strict.letter())
                .put("correct", strict.correct())
                .put("parsed", strict.parsed());
        return scores;
    }
}
