package dev.m1.bench.medical.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.M1Scorer;
import dev.m1.bench.medical.StrictScorer;
import dev.m1.bench.medical.run.InventedRun;
import dev.m1.bench.medical.run.QuestionResult;
import dev.m1.bench.medical.run.StoredRun;
import dev.m1.bench.medical.stats.Wilson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report's numbers, counted once more from the run's answers. */
class RunStatisticsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private RunStatistics invented() throws IOException {
        Map<String, Integer> sources = new LinkedHashMap<>();
        sources.put("MedBullets_op4", 30);
        sources.put("MedBullets_op5", 40);
        InventedRun.write(
                folder,
                "m1-invented",
                sources,
                List.of(0, 256, 1024),
                List.of(0, 2),
                0.1,
                5);
        return Report.write(folder, 3);
    }

    @Test
    void accuraciesFlipsAndLengthsAreThoseOfTheAnswers() throws IOException {
        RunStatistics s = invented();
        List<QuestionResult> results = StoredRun.read(folder).results();
        Cell small = new Cell(256, 0);
        Cell large = new Cell(1024, 0);
        int[] right = new int[2];
        int unparsed = 0;
        int lost = 0;
        int firstAtLarge = 0;
        double tokens = 0;
        for (QuestionResult r : results) {
            boolean smallRight = m1(r, small);
            boolean largeRight = m1(r, large);
            right[0] += largeRight ? 1 : 0;
            var strict = StrictScorer.score(r.item().answered(r.cells().get(large).response()));
            right[1] += strict.correct() ? 1 : 0;
            unparsed += strict.parsed() ? 0 : 1;
            lost += smallRight && !largeRight ? 1 : 0;
            firstAtLarge += largeRight && !smallRight && !m1(r, new Cell(0, 0)) ? 1 : 0;
            tokens += r.cells().get(large).thinkingTokens();
        }
        assertThat(results).hasSize(70);
        GroupStatistics m1 = s.at(Scorer.M1, large).overall();
        assertThat(m1.right()).isEqualTo(right[0]);
        assertThat(m1.wilson()).isEqualTo(Wilson.interval(right[0], 70));
        assertThat(m1.clusters()).isEqualTo(40); // the first 30 stems are the same in both sources
        assertThat(s.at(Scorer.STRICT, large).overall().right()).isEqualTo(right[1]);
        assertThat(s.at(Scorer.STRICT, large).overall().unparsed()).isEqualTo(unparsed).isPositive();
        assertThat(s.budgetSteps().get(Scorer.M1).get(1).flips().rightToWrong()).isEqualTo(lost).isPositive();
        assertThat(s.firstCorrect().get(Scorer.M1).first().get(2)).isEqualTo(firstAtLarge);
        assertThat(s.thinking().get(large).mean()).isEqualTo(tokens / 70);
        assertThat(s.waitSteps().get(Scorer.M1)).hasSize(3);
        assertThat(s.at(Scorer.M1, large).bySource().get("MedBullets_op4").n()).isEqualTo(30);
        double mean = s.at(Scorer.M1, large).bySource().values().stream()
                .mapToDouble(GroupStatistics::accuracy)
                .average()
                .orElseThrow();
        assertThat(s.at(Scorer.M1, large).macro().mean()).isEqualTo(mean);
    }

    private static boolean m1(QuestionResult r, Cell cell) {
        return M1Scorer.score(r.item().answered(r.cells().get(cell).response())).correct();
    }

    @Test
    void jsonAndTablesSayTheSame() throws IOException {
        RunStatistics s = invented();
        JsonNode json = JSON.readTree(folder.resolve(Report.JSON).toFile());
        JsonNode last = json.get("cells").get(2);
        assertThat(last.get("budget").asInt()).isEqualTo(1024);
        double accuracy = s.at(Scorer.M1, new Cell(1024, 0)).overall().accuracy();
        assertThat(last.at("/m1/accuracy").asDouble()).isEqualTo(accuracy);
        assertThat(json.at("/settings/protocol/name").asText()).isEqualTo("M1");
        assertThat(json.at("/budgetSteps/m1")).hasSize(2);
        List<String> answers = Files.readAllLines(folder.resolve(CsvFiles.ANSWERS));
        assertThat(answers).hasSize(1 + 70 * 6);
        long right = answers.stream()
                .map(line -> line.split(","))
                .filter(row -> row[3].equals("1024") && row[4].equals("0") && row[8].equals("true"))
                .count();
        assertThat(right).isEqualTo(s.at(Scorer.M1, new Cell(1024, 0)).overall().right());
        assertThat(Files.readAllLines(folder.resolve(CsvFiles.ACCURACY))).hasSize(1 + 2 * 6 * 4);
        assertThat(Files.readAllLines(folder.resolve(CsvFiles.COMPARISONS))).hasSize(1 + 2 * (2 + 3));
    }

    @Test
    void aRunWithoutAnswersHasNoReport() throws IOException {
        InventedRun.write(folder, "m", Map.of(), List.of(0), List.of(0), 0, 1);
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Report.write(folder, 3))
                .withMessageContaining("holds no answered question yet");
    }

    @Test
    void fieldsOfATableAreQuotedAndNoFormulas() {
        assertThat(Csv.field("a,b\"c")).isEqualTo("\"a,b\"\"c\"");
        assertThat(Csv.field("=1+1")).isEqualTo("'=1+1");
        assertThat(Csv.field(-1)).isEqualTo("-1");
        assertThat(Csv.field(null)).isEmpty();
        assertThat(Csv.field("\uD83D")).isEqualTo("\uFFFD");
    }

    @Test
    void thePapersSetsAreRecognisedByNameAndNumber() {
        assertThat(PaperTable.matches(Map.of(
                        "MedBullets_op4", 308, "MedQA_USLME_test", 1273, "MMLU-Pro_Medical_test", 20, "Other", 603)))
                .containsOnly(Map.entry(1, "MedQA_USLME_test"), Map.entry(6, "MedBullets_op4"));
        // The paper's own averages.
        assertThat(PaperTable.ROWS.stream()
                        .map(row -> Math.round(100 * PaperTable.mean(row, List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)))))
                .containsExactly(5128L, 5776L, 6032L, 6824L);
    }
}
