package dev.m1.bench.medical.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.report.ScoredQuestion;
import dev.m1.bench.medical.report.ScoredRun;
import dev.m1.bench.medical.report.Scorer;
import dev.m1.bench.medical.run.InventedRun;
import dev.m1.bench.medical.run.StoredRun;
import dev.m1.bench.medical.stats.FlipTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
    @TempDir
    private Path folder;

    @Test
    void pairsQuestionsAndShowsWhereTheGainLies() throws IOException {
        ScoredRun weak = run("weak", 40, 0, List.of(0, 256), 1);
        ScoredRun strong = run("strong", 30, 0.3, List.of(256, 1024), 2);
        AlignedRuns aligned = AlignedRuns.of(List.of(weak, strong));
        assertThat(aligned.size()).isEqualTo(50); // 30 of the one source, 20 of the other
        assertThat(aligned.left()).containsExactly(10, 0);
        RunComparison comparison = RunComparison.of(aligned, Scorer.M1, 3);
        RunComparison.Pair pair = comparison.pairs().getFirst();
        assertThat(comparison.pairs()).hasSize(1);
        assertThat(pair.cellAfter()).isEqualTo(new Cell(256, 0));

        // Counted once more, question by question.
        int[] counts = new int[4];
        for (ScoredQuestion before : weak.questions()) {
            strong.questions().stream().filter(q -> q.item().equals(before.item())).forEach(after -> {
                boolean b = before.at(new Cell(256, 0)).correct(Scorer.M1);
                boolean a = after.at(new Cell(256, 0)).correct(Scorer.M1);
                counts[(b ? 0 : 2) + (a ? 0 : 1)]++;
            });
        }
        assertThat(pair.overall().flips()).isEqualTo(new FlipTable(counts[0], counts[1], counts[2], counts[3]));
        assertThat(pair.overall().flips().difference()).isPositive();
        assertThat(pair.bySource()).extracting(Gain::group).containsExactly("first", "second");
        for (List<Gain> groups : List.of(pair.bySource(), pair.byLength())) {
            assertThat(groups.stream().mapToInt(g -> g.flips().n()).sum()).isEqualTo(50);
            assertThat(groups.stream().mapToInt(g -> g.flips().wrongToRight()).sum()).isEqualTo(counts[2]);
        }
        assertThat(ComparisonJson.of(comparison).at("/comparisons/0/overall/wrongToRight").asInt())
                .isEqualTo(counts[2]);
    }

    @Test
    void eachRunMayStandInACellOfItsOwn() throws IOException {
        AlignedRuns aligned =
                AlignedRuns.of(List.of(run("a", 5, 0, List.of(0), 1), run("b", 5, 0, List.of(512), 1)));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunComparison.of(aligned, Scorer.M1, 4))
                .withMessageContaining("a has budgets [0] and Waits [0], b has budgets [512]");
        RunComparison chosen =
                RunComparison.of(aligned, Scorer.STRICT, 4, List.of(new Cell(0, 0), new Cell(512, 0)));
        assertThat(chosen.pairs()).singleElement().satisfies(p -> {
            assertThat(p.cellBefore()).isEqualTo(new Cell(0, 0));
            assertThat(p.cellAfter()).isEqualTo(new Cell(512, 0));
        });
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> RunComparison.of(
                        aligned, Scorer.M1, 4, List.of(new Cell(0, 0), new Cell(9, 1))))
                .withMessageContaining("b has no cell of budget 9 and 1 Waits");
    }

    @Test
    void otherQuestionsCannotBeCompared() throws IOException {
        InventedRun.write(folder.resolve("x"), "m", Map.of("x", 3), List.of(0), List.of(0), 0, 1);
        InventedRun.write(folder.resolve("y"), "m", Map.of("y", 3), List.of(0), List.of(0), 0, 1);
        List<ScoredRun> runs = List.of(
                ScoredRun.of(StoredRun.read(folder.resolve("x"))), ScoredRun.of(StoredRun.read(folder.resolve("y"))));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> AlignedRuns.of(runs))
                .withMessageContaining("no question in common: x holds 3 of invented.json");
    }

    @Test
    void lengthsAreCutIntoGroupsOfAboutTheSameSize() {
        List<MedicalItem> items = IntStream.of(5, 1, 2, 2, 2, 9, 7, 2)
                .mapToObj(n -> new MedicalItem("s", n, "x".repeat(n), Map.of("A", "a", "B", "b"), "A", "a"))
                .toList();
        // By number 1 2 | 2 2 2 | 5 7 9, but what is equally long stays together.
        assertThat(LengthGroups.of(items, 3))
                .containsExactly(
                        Map.entry("1–2 characters", List.of(1, 2, 3, 4, 7)),
                        Map.entry("5–5 characters", List.of(0)),
                        Map.entry("7–9 characters", List.of(6, 5)));
        assertThat(LengthGroups.of(items.subList(0, 2), 4)).hasSize(2);
    }

    private ScoredRun run(String name, int questions, double skill, List<Integer> budgets, long seed)
            throws IOException {
        Map<String, Integer> sources = new LinkedHashMap<>();
        sources.put("first", questions);
        sources.put("second", 20);
        InventedRun.write(folder.resolve(name), name, sources, budgets, List.of(0), skill, seed);
        return ScoredRun.of(StoredRun.read(folder.resolve(name)));
    }
}
