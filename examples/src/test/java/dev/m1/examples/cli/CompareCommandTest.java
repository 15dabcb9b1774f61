package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void comparesTwoRuns() throws IOException {
        String a = run("a", "--budgets", "0,4", "--limit", "9");
        String b = run("b", "--budgets", "0,4", "--prompt", "cot");
        CliRun text = CliRun.of("compare", a, b);
        assertThat(text.status()).as(text.err()).isZero();
        assertThat(text.out())
                .contains("9 questions that all runs answered, m1 scorer")
                .contains("base a (tiny-qwen2)", "run  b (tiny-qwen2), 3 of its questions not compared")
                .contains("b 0:0", "b 4:0", "b 4:0, by source", "Vitamins", "b 4:0, by length", "characters");
        CliRun json = CliRun.of("compare", a, b, "--json", "--scorer", "strict", "--quantiles", "2");
        assertThat(json.status()).as(json.err()).isZero();
        JsonNode comparison = JSON.readTree(json.out());
        assertThat(comparison.get("scorer").asText()).isEqualTo("strict");
        assertThat(comparison.get("comparisons")).hasSize(2);
        assertThat(comparison.at("/comparisons/1/overall/n").asInt()).isEqualTo(9);
        assertThat(comparison.at("/comparisons/1/bySource")).hasSize(3);
        CliRun cells = CliRun.of("compare", a, b, "--cells", "0:0,4:0");
        assertThat(cells.out()).contains("0:0 -> b 4:0");
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        String a = run("a", "--limit", "2");
        wrong(2, "RUN_DIR", "compare", a);
        wrong(2, "'loud'", "compare", a, a, "--scorer", "loud");
        wrong(2, "'x' in --cells", "compare", a, a, "--cells", "x,0:0");
        wrong(2, "1 cells for 2 runs", "compare", a, a, "--cells", "0:0");
        wrong(2, "got 0", "compare", a, a, "--quantiles", "0");
        wrong(1, "no run in", "compare", a, folder.resolve("none").toString());
        wrong(1, "has no cell of budget 9", "compare", a, a, "--cells", "9:0,9:0");
    }

    private static void wrong(int status, String named, String... args) {
        CliRun run = CliRun.of(args);
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).singleElement().asString().contains(named);
    }

    private String run(String name, String... more) {
        String[] arguments = new String[more.length + 4];
        System.arraycopy(more, 0, arguments, 0, more.length);
        System.arraycopy(new String[] {"--max-answer-tokens", "4", "--context", "256"}, 0, arguments, more.length, 4);
        CliRun run = CliRun.of(ExamRun.arguments(folder.resolve(name), arguments));
        assertThat(run.status()).as(run.err()).isZero();
        return folder.resolve(name).toString();
    }
}
