package dev.m1.bench.medical.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileTest {
    @TempDir
    private Path folder;

    @Test
    void goesOnBehindWhatIsThere() throws IOException {
        append(0, 1);
        try (RunFile file = RunFile.open(folder, settings("m", 0))) {
            assertThat(file.done()).containsExactlyInAnyOrder("set#0", "set#1");
            assertThat(file.repairedBytes()).isZero();
            file.append(ResultCodec.write(result(2)));
        }
        assertThat(StoredRun.read(folder).results()).containsExactly(result(0), result(1), result(2));
        assertThat(lines()).isEqualTo(4);
    }

    /** Whatever a killed process leaves of its last line, from one byte to all but the line's end. */
    @Test
    void anUnfinishedLastLineIsTakenAway() throws IOException {
        append(0, 1);
        byte[] whole = Files.readAllBytes(file());
        int end = whole.length;
        int begin = end - 1;
        while (whole[begin - 1] != '\n') {
            begin--;
        }
        for (int cut = begin; cut < end; cut += 1 + (cut - begin) / 4) {
            Files.write(file(), Arrays.copyOf(whole, cut));
            assertThat(StoredRun.read(folder).results()).as("cut at %d", cut).containsExactly(result(0));
            try (RunFile file = RunFile.open(folder, settings("m", 0))) {
                assertThat(file.repairedBytes()).isEqualTo(cut - begin);
                assertThat(file.done()).containsExactly("set#0");
                file.append(ResultCodec.write(result(1)));
            }
            assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        }
    }

    @Test
    void aLastLineOfZerosIsTakenAway() throws IOException {
        append(0);
        byte[] whole = Files.readAllBytes(file());
        // As some file systems leave it after a power cut.
        Files.write(file(), new byte[100], StandardOpenOption.APPEND);
        Files.writeString(file(), "\n", StandardOpenOption.APPEND);
        assertThat(StoredRun.read(folder).results()).containsExactly(result(0));
        RunFile.open(folder, settings("m", 0)).close();
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }

    @Test
    void anUnfinishedFirstLineIsWrittenAgain() throws IOException {
        append();
        byte[] whole = Files.readAllBytes(file());
        for (int cut = 0; cut < whole.length; cut += 7) {
            Files.write(file(), Arrays.copyOf(whole, cut));
            RunFile.open(folder, settings("m", 0)).close();
            assertThat(Files.readAllBytes(file())).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            not json            | line 3: not valid JSON
            {"id": "x"}         | line 3: field "options" is missing
            []                  | line 3: not a JSON object
            """)
    void aWrongLineBeforeTheLastIsAnError(String wrong, String message) throws IOException {
        append(0);
        Files.writeString(file(), wrong + "\n" + line(result(1)) + "\n", StandardOpenOption.APPEND);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, settings("m", 0)).close())
                .withMessageContaining("run.jsonl, " + message);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> StoredRun.read(folder))
                .withMessageContaining(message);
    }

    @Test
    void aQuestionAnsweredTwiceIsAnError() throws IOException {
        append(0);
        Files.writeString(file(), line(result(0)) + "\n", StandardOpenOption.APPEND);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, settings("m", 0)).close())
                .withMessageContaining("line 3: question set#0 for the second time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1}\n", "some notes\n", "some notes", "[]\n"})
    void aFileOfSomebodyElseIsLeftAlone(String content) throws IOException {
        Files.writeString(file(), content);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, settings("m", 0)).close())
                .withMessageContaining("run.jsonl, line 1");
        assertThat(file()).hasContent(content);
    }

    @Test
    void otherSettingsAreRefusedWithBothValues() throws IOException {
        append(0);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, settings("m", 5)).close())
                .withMessageContaining("made with other settings: decoding.budget was 0, is now 5");
        ObjectNode other = settings("other", 0);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, other).close())
                .withMessageContaining("model.name was \"m\", is now \"other\"; model.sha256 was ");
        ObjectNode less = settings("m", 0);
        less.remove("decoding");
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunFile.open(folder, less).close())
                .withMessageContaining("decoding was {\"budget\":0}, is now not given");
    }

    @Test
    void aModelMayMove() throws IOException {
        append(0);
        ObjectNode moved = settings("m", 0);
        ((ObjectNode) moved.get("model")).put("name", "moved");
        try (RunFile file = RunFile.open(folder, moved)) {
            assertThat(file.done()).hasSize(1);
        }
    }

    @Test
    void oneRunAtATime() throws IOException {
        try (RunFile first = RunFile.open(folder, settings("m", 0))) {
            assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> RunFile.open(folder, settings("m", 0)).close())
                    .withMessageContaining("is being written by another run");
            first.append(ResultCodec.write(result(0)));
        }
        assertThat(StoredRun.read(folder).results()).hasSize(1);
    }

    @Test
    void noRun() {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> StoredRun.read(folder.resolve("none")))
                .withMessageContaining("no run in")
                .withMessageContaining("none");
    }

    private void append(int... questions) throws IOException {
        try (RunFile file = RunFile.open(folder, settings("m", 0))) {
            for (int q : questions) {
                file.append(ResultCodec.write(result(q)));
            }
        }
    }

    private Path file() {
        return folder.resolve(RunFile.NAME);
    }

    private long lines() throws IOException {
        return Files.readString(file()).lines().count();
    }

    private static String line(QuestionResult result) throws IOException {
        return RunFile.text(ResultCodec.write(result)).stripTrailing();
    }

    private static ObjectNode settings(String model, int budget) {
        ObjectNode settings = JsonLines.MAPPER.createObjectNode();
        settings.putObject("model").put("name", model).put("sha256", Fingerprint.ofText(model));
        settings.putObject("decoding").put("budget", budget);
        return settings;
    }

    /** Text with everything that a line must carry: line breaks, other scripts, a lone half of a surrogate pair. */
    private static QuestionResult result(int index) {
        MedicalItem item = new MedicalItem("set", index, "¿\n\u2028Q😀?", Map.of("A", "x", "B", "y"), "B", "y");
        CellOutcome shorter = outcome("a😀", ThinkingEnd.BUDGET, "\uD83D");
        CellOutcome longer = outcome("a😀b", ThinkingEnd.NATURAL, "\\boxed{B}");
        CellOutcome other = outcome("z", ThinkingEnd.NATURAL, "");
        Map<Cell, CellOutcome> cells = new LinkedHashMap<>();
        cells.put(new Cell(2, 0), shorter);
        cells.put(new Cell(8, 0), longer);
        cells.put(new Cell(2, 1), shorter);
        cells.put(new Cell(8, 1), other);
        return new QuestionResult(item, cells, 7, 20, 40, 0.25, null);
    }

    private static CellOutcome outcome(String thinking, ThinkingEnd end, String answer) {
        return new CellOutcome(thinking, end, 0, 3, 2, "<|im_start|>answer", answer, FinishReason.STOP, 1);
    }
}
