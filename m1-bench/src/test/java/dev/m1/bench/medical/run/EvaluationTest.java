package dev.m1.bench.medical.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep.Cell;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalPrompt;
import dev.m1.bench.testing.SharedData;
import dev.m1.thinking.ThinkingBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final Path MODEL =
            Path.of("..", "m1-core", "src", "test", "resources", "models", "tiny-qwen2");
    private static final Path EXAM = Path.of("src", "test", "resources", "medical", "exam.json");
    private static final BudgetGrid GRID = BudgetGrid.of(new int[] {0, 5, 12}, new int[] {0, 1});

    @TempDir
    private Path folder;

    @Test
    void everyCellIsWhatASeparateRequestGives() throws Exception {
        Evaluation.run(options().grid(GRID).build(), new EvaluationListener() {});
        StoredRun run = StoredRun.read(folder);
        assertThat(run.isComplete()).isTrue();
        assertThat(run.results()).hasSize(4);
        try (LanguageModel model = LanguageModel.open(MODEL)) {
            Reasoner reasoner = Reasoner.of(model);
            for (QuestionResult result : run.results()) {
                for (Map.Entry<Cell, CellOutcome> cell : result.cells().entrySet()) {
                    ReasoningResult alone = reasoner.reason(ReasoningRequest.builder()
                            .user(MedicalPrompt.M1.render(result.item()))
                            .budget(ThinkingBudget.upTo(cell.getKey().budget())
                                    .withWaits(cell.getKey().waits()))
                            .maxAnswerTokens(6)
                            .build());
                    assertThat(cell.getValue()).isEqualTo(CellOutcome.of(alone));
                    assertThat(result.promptTokens()).isEqualTo(alone.usage().promptTokens());
                }
            }
        }
    }

    @Test
    void goesOnAndReportsHowFarItIs() throws Exception {
        Evaluation.run(options().build(), new EvaluationListener() {});
        List<QuestionResult> whole = StoredRun.read(folder).results();
        Path file = folder.resolve(RunFile.NAME);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, lines.subList(0, 4)); // settings, session, two questions
        List<String> heard = new ArrayList<>();
        Evaluation.run(options().build(), new EvaluationListener() {
            @Override
            public void started(int total, int done) {
                heard.add("started " + done + "/" + total);
            }

            @Override
            public void answered(int done, int total, int failed) {
                heard.add(done + "/" + total + " " + failed);
            }

            @Override
            public void ended() {
                heard.add("ended");
            }
        });
        assertThat(heard).containsExactly("started 2/4", "3/4 0", "4/4 0", "ended");
        assertThat(StoredRun.read(folder).results()) // tokens fed depend on which prefixes were still there
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds", "fedTokens")
                .isEqualTo(whole);
        assertThat(StoredRun.read(folder).sessions()).hasSize(2);
    }

    @Test
    void aQuestionThatDoesNotFitIsAResultAndTheOthersGoOn() throws Exception {
        Path data = folder.resolve("long.jsonl");
        String rest = "\", \"options\": [\"x\", \"y\"], \"label\": 0}\n";
        Files.writeString(data, "{\"question\": \"" + "word ".repeat(900) + rest + "{\"question\": \"Why?" + rest);
        List<String> notes = new ArrayList<>();
        EvalOptions options = EvalOptions.builder(MODEL, data, folder.resolve("run"))
                .grid(BudgetGrid.of(4))
                .maxAnswerTokens(6)
                .contextTokens(256)
                .build();
        Evaluation.run(options, new EvaluationListener() {
            @Override
            public void note(String line) {
                notes.add(line);
            }
        });
        List<QuestionResult> results = StoredRun.read(folder.resolve("run")).results();
        assertThat(results.get(0).failure()).contains("the context has 256");
        assertThat(results.get(0).cells()).isEmpty();
        assertThat(results.get(1).failure()).isNull();
        assertThat(notes).anyMatch(note -> note.startsWith("the context of 256 tokens is shorter than the "));
    }

    @Test
    void everySettingCounts() throws Exception {
        Evaluation.run(options().build(), new EvaluationListener() {});
        refused(options().grid(BudgetGrid.of(5)), "decoding.budgets was [4], is now [5]");
        refused(options().grid(BudgetGrid.of(new int[] {4}, new int[] {0, 2})), "decoding.waits was [0], is now [0,2]");
        refused(options().maxAnswerTokens(7), "decoding.maxAnswerTokens was 6, is now 7");
        refused(options().waitText("Hmm"), "decoding.waitText was \"Wait\", is now \"Hmm\"");
        refused(options().prompt(MedicalPrompt.COT), "prompt.suffix was \"Return your final");
        refused(options().prompt(MedicalPrompt.M1.withPrefix("P")), "prompt.prefix was not given, is now \"P\"");
        refused(options().system("S"), "prompt.system was not given, is now \"S\"");
        refused(options().contextTokens(512), "is now 512");
        refused(
                options().selection(new QuestionSelection(List.of(), OptionalInt.of(3), OptionalLong.empty())),
                "questions.limit was 4, is now 3");
        Path other = folder.resolve("other.json");
        Files.writeString(other, Files.readString(EXAM).replace("sailor", "sailer"));
        refused(
                EvalOptions.builder(MODEL, other, folder)
                        .grid(BudgetGrid.of(4))
                        .maxAnswerTokens(6)
                        .selection(new QuestionSelection(List.of(), OptionalInt.of(4), OptionalLong.empty())),
                "data.name was \"exam.json\", is now \"other.json\"; data.sha256 was ");
        assertThat(StoredRun.read(folder).isComplete()).isTrue();
    }

    private static void refused(EvalOptions.Builder options, String difference) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Evaluation.run(options.build(), new EvaluationListener() {}))
                .withMessageContaining("made with other settings")
                .withMessageContaining(difference);
    }

    /** The questions of the paper, with a model that can only babble. */
    @Test
    void m1sQuestionsFlowThrough() throws Exception {
        Path data = SharedData.require("data/medical/m1_eval_data.json");
        EvalOptions options = EvalOptions.builder(MODEL, data, folder)
                .grid(BudgetGrid.of(0, 4))
                .maxAnswerTokens(4)
                .concurrency(16)
                .selection(new QuestionSelection(List.of(), OptionalInt.of(200), OptionalLong.empty()))
                .build();
        Evaluation.run(options, new EvaluationListener() {});
        StoredRun run = StoredRun.read(folder);
        assertThat(run.results()).hasSize(200);
        assertThat(run.results().stream().map(r -> r.item().source()).distinct()).hasSize(9);
        assertThat(run.results()).filteredOn(r -> r.failure() == null).hasSizeGreaterThan(150);
        assertThat(run.results())
                .filteredOn(r -> r.failure() != null)
                .allMatch(r -> r.failure().contains("the context has 1024"));
        JsonNode asked = run.settings().at("/questions/asked");
        assertThat(asked.get("MedMCQA_validation").asInt()).isEqualTo(23); // 200 over 9 sources, the first two one more
    }

    /** The first four questions, two or three at a time. */
    private EvalOptions.Builder options() throws IOException {
        return EvalOptions.builder(MODEL, EXAM, folder)
                .grid(BudgetGrid.of(4))
                .maxAnswerTokens(6)
                .concurrency(3)
                .selection(new QuestionSelection(List.of(), OptionalInt.of(4), OptionalLong.empty()));
    }
}
