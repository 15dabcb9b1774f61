package dev.m1.examples.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The invented exam.
 *
 * @param questions in the order of the file
 */
public record Exam(List<ExamQuestion> questions) {
    private static final String UNSEEN = "unseen_1k";

    public Exam {
        questions = List.copyOf(questions);
    }

    /**
     * Reads m1's data format; a question may carry {@code unseen_1k} besides.
     *
     * @throws DataException if the file is missing or broken, or has no question that can be asked
     */
    public static Exam load(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new DataException("no exam at " + file);
        }
        MedicalData data = MedicalData.load(file);
        if (data.items().isEmpty()) {
            throw new DataException(file + ": " + data.report().summary());
        }
        JsonNode document = new ObjectMapper().readTree(file.toFile());
        return new Exam(data.items().stream()
                .map(item -> new ExamQuestion(
                        item, unseen(document.path(item.source()).path(item.index()))))
                .toList());
    }

    private static OptionalInt unseen(JsonNode question) {
        JsonNode count = question.path(UNSEEN);
        return count.canConvertToInt() ? OptionalInt.of(count.intValue()) : OptionalInt.empty();
    }

    /** Its first questions, or all if it has no more. */
    public Exam first(int n) {
        return new Exam(questions.subList(0, Math.min(n, questions.size())));
    }

    public int size() {
        return questions.size();
    }
}
