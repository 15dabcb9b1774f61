package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.m1.bench.testing.SharedData;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MedicalDataTest {
    @TempDir
    private Path folder;

    @Test
    void readsM1sFormat() throws IOException {
        MedicalData data = load("eval.json", """
                {"first": [{"question": "Which?", "options": {"A": "x", "B": "y"}, "answer_idx": "B", "answer": "y"}],
                 "second": [{"question": "What?", "options": {"A": "1", "B": "2"}, "answer": "1", "answer_idx": "A"}]}
                """);
        assertThat(data.items()).containsExactly(
                new MedicalItem("first", 0, "Which?", Map.of("A", "x", "B", "y"), "B", "y"),
                new MedicalItem("second", 0, "What?", Map.of("A", "1", "B", "2"), "A", "1"));
        assertThat(data.bySource()).containsOnlyKeys("first", "second");
        assertThat(data.report().summary()).isEqualTo("2 items read, 2 kept, 0 dropped; kept in spite of nothing");
        assertThat(data.items().getFirst().id()).isEqualTo("first#0");
    }

    @Test
    void optionsKeepTheirOrder() throws IOException {
        MedicalData data = load("eval.json", """
                {"s": [{"question": "?", "options": {"C": "x", "A": "y", "B": "z"}, "answer_idx": "B", "answer": "z"}]}
                """);
        assertThat(data.items().getFirst().options().keySet()).containsExactly("C", "A", "B");
        assertThat(data.report().counts()).containsExactly(Map.entry(ItemProblem.UNORDERED_LETTERS, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"A": "x", "B": "y"}                                              | "answer": "y"
            {"A": "x", "B": "y"}                                              | "answer": "B"
            {"A": "x", "B": "y"}                                              | "label": "B"
            {"A": "x", "B": "y"}                                              | "label": 1
            ["x", "y"]                                                        | "answer_idx": 1
            ["x", "y"]                                                        | "answer_idx": "B", "answer": " y "
            ["x", "y", "y"]                                                   | "answer_idx": "B", "answer": "y"
            [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}]        | "label": "B"
            [{"letter": "A", "content": "x"}, {"key": "B", "value": "y"}]     | "answer": "y"
            {"A": "B", "B": "y"}                                              | "label": "B", "answer": "y"
            """)
    void readsOtherWaysToSayTheSame(String options, String answer) throws IOException {
        MedicalData data = load("set.jsonl", "{\"question\": \"?\", \"options\": " + options + ", " + answer + "}\n");
        assertThat(data.report().examples()).allMatch(example -> example.contains("same text"));
        assertThat(data.items()).singleElement().satisfies(item -> {
            assertThat(item.answerIdx()).isEqualTo("B");
            assertThat(item.answer()).isEqualTo("y");
            assertThat(item.source()).isEqualTo("set");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NO_QUESTION     | {"options": ["x", "y"], "label": 0}
            NO_QUESTION     | {"question": "  ", "options": ["x", "y"], "label": 0}
            TOO_FEW_OPTIONS | {"question": "?", "options": ["x"], "label": 0}
            NO_LETTER       | {"question": "?", "options": {"A": "x", "1": "y"}, "label": "A"}
            NO_ANSWER       | {"question": "?", "options": ["x", "y"], "label": null}
            NOT_AN_OPTION   | {"question": "?", "options": ["x", "y"], "label": "C"}
            NOT_AN_OPTION   | {"question": "?", "options": ["x", "y"], "label": 2}
            NOT_AN_OPTION   | {"question": "?", "options": ["x", "y"], "answer_idx": "A", "answer": "z"}
            CONTRADICTION   | {"question": "?", "options": ["x", "y"], "answer_idx": "A", "answer": "y"}
            CONTRADICTION   | {"question": "?", "options": ["B", "A"], "answer": "A"}
            MALFORMED       | {"question": 7, "options": ["x", "y"], "label": 0}
            MALFORMED       | {"question": "?", "options": "x, y", "label": 0}
            MALFORMED       | {"question": "?", "options": ["x", ["y"]], "label": 0}
            MALFORMED       | {"question": "?", "label": 0}
            MALFORMED       | {"question": "?", "options": [{"text": "x"}, {"text": "y"}], "label": 0}
            """)
    void dropsAndCountsWhatCannotBeAsked(ItemProblem problem, String item) throws IOException {
        String good = "{\"question\": \"?\", \"options\": [\"x\", \"y\"], \"label\": 0}\n";
        MedicalData data = load("set.jsonl", good + item + "\n");
        assertThat(data.items()).hasSize(1);
        assertThat(data.report().counts()).containsExactly(Map.entry(problem, 1));
        assertThat(data.report().dropped()).isEqualTo(1);
        assertThat(data.report().examples())
                .singleElement()
                .asString()
                .startsWith("set.jsonl, set[1]: ")
                .endsWith("dropped");
        assertThat(data.report().summary()).contains("1 dropped (" + problem.description() + ": 1)");
    }

    @Test
    void keepsAndCountsWhatIsOdd() throws IOException {
        String item = "{\"question\": \"?\", \"options\": [\"x\", \"x\", \" \", \"two\\nlines\"], \"label\": 0}\n";
        MedicalData data = load("set.jsonl", item + "\n" + item);
        assertThat(data.items()).hasSize(2);
        assertThat(data.report().counts()).isEqualTo(Map.of(
                ItemProblem.DUPLICATE, 1,
                ItemProblem.EQUAL_OPTIONS, 2,
                ItemProblem.BLANK_OPTION, 2,
                ItemProblem.LINE_BREAK, 2));
        assertThat(data.items().get(0).cluster()).isEqualTo(data.items().get(1).cluster());
    }

    @Test
    void readsListsAndPackedFiles() throws IOException {
        String item = "{\"question\": \"¿?\", \"options\": [\"x\", \"y\"], \"label\": 0, \"source\": \"own\"}";
        assertThat(load("list.json", "[" + item + "]").items().getFirst().source()).isEqualTo("own");
        assertThat(load("bom.jsonl", "\uFEFF" + item).items()).hasSize(1);
        Path packed = folder.resolve("p.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
            out.write(item.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(MedicalData.load(packed).items().getFirst().question()).isEqualTo("¿?");
        byte[] half = Files.readAllBytes(packed);
        Files.write(packed, Arrays.copyOf(half, half.length / 2));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> MedicalData.load(packed))
                .withMessageContaining("p.jsonl.gz");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.json  | {"s": [{"question": "?"}      | line 1: not valid JSON
            a.json  | {"s": [], "s": []}            | line 1: not valid JSON: Duplicate
            a.json  | {"question": "?"}             | "question" is not a list
            a.json  | 7                             | neither an object
            a.json  | []  []                        | more follows
            a.jsonl | []                            | line 1: expected an object, found array
            a.jsonl | {"a": 1} {"b": 2}             | line 1: not valid JSON
            a.jsonl | {"options": {"A": 1, "A": 2}} | line 1: not valid JSON: Duplicate
            """)
    void aFileThatIsNoneEndsInAnErrorThatSaysWhere(String name, String content, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> load(name, content))
                .withMessageContaining(name)
                .withMessageContaining(message);
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> MedicalData.load(folder.resolve("none.json")))
                .withMessageContaining("none.json");
    }

    @Test
    void m1sQuestions() throws IOException {
        MedicalData data = MedicalData.load(SharedData.require("data/medical/m1_eval_data.json"));
        assertThat(data.bySource().entrySet().stream().map(e -> e.getKey() + " " + e.getValue().size()))
                .containsExactly(
                        "MedMCQA_validation 4183", "MedQA_USLME_test 1273", "PubMedQA_test 1000",
                        "MMLU-Pro_Medical_test 1535", "GPQA_Medical_test 390", "HumanityLastExam 102",
                        "MedBullets_op4 308", "MedBullets_op5 308", "MedXpertQA 1449");
        assertThat(data.report().dropped()).isZero();
        // Counted with a few lines of Python over the same file.
        assertThat(data.report().counts())
                .containsEntry(ItemProblem.EQUAL_OPTIONS, 22)
                .containsEntry(ItemProblem.BLANK_OPTION, 1)
                .containsEntry(ItemProblem.LINE_BREAK, 61)
                .containsEntry(ItemProblem.UNORDERED_LETTERS, 2)
                .containsEntry(ItemProblem.MANY_OPTIONS, 7)
                .containsEntry(ItemProblem.DUPLICATE, 421);
        assertThat(stems(data, "MedBullets_op4")).hasSize(298).isEqualTo(stems(data, "MedBullets_op5"));
        assertThat(stems(data, "GPQA_Medical_test")).hasSize(78);
    }

    private static Set<String> stems(MedicalData data, String source) {
        return data.bySource().getOrDefault(source, List.of()).stream()
                .map(MedicalItem::cluster)
                .collect(Collectors.toSet());
    }

    private MedicalData load(String name, String content) throws IOException {
        return MedicalData.load(Files.writeString(folder.resolve(name), content));
    }
}
