package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.examples.demo.DemoFiles;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer runs first, on the checkpoints that come with the examples. */
class DemoTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final DemoFiles DEMO = DemoFiles.in(Path.of(""));

    @Test
    void askAnswersRightlyWithoutAnyArgument() throws IOException {
        CliRun run = CliRun.withDemo(DEMO, "ask", "--json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode result = JSON.readTree(run.out());
        assertThat(result.get("model").asText()).endsWith("m1-demo-23k");
        assertThat(result.get("thinking").asText()).contains("total");
        assertThat(result.get("thinkingEnd").asText()).isEqualTo("natural");
        assertThat(result.at("/exam/correct").asBoolean()).isTrue();
        assertThat(run.err()).contains("not medical knowledge").contains("The exam's answer is").contains("right");
    }

    @Test
    void sweepGivesBothCurvesAndAPlot(@TempDir Path folder) throws IOException {
        CliRun run = CliRun.withDemo(
                DEMO,
                "sweep",
                "--demo",
                "--limit",
                "6",
                "--budgets",
                "32,0,8",
                "--waits",
                "0,1",
                "--json",
                "--out",
                folder.toString());
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode curves = JSON.readTree(run.out()).get("curves");
        assertThat(curves.fieldNames()).toIterable().containsExactly("m1-demo-23k", "m1-demo-1k");
        for (JsonNode curve : curves) {
            assertThat(curve)
                    .extracting(point -> point.get("waits").asInt() + "/" + point.get("budget").asInt())
                    .containsExactly("0/0", "0/8", "0/32", "1/0", "1/8", "1/32");
            for (JsonNode point : curve) {
                assertThat(point.get("n").asInt()).isEqualTo(6);
                assertThat(point.get("accuracy").asDouble())
                        .isBetween(point.get("low").asDouble(), point.get("high").asDouble());
            }
        }
        BufferedImage plot = ImageIO.read(folder.resolve("m1-demo-sweep.png").toFile());
        assertThat(plot.getWidth()).isGreaterThan(plot.getHeight());
        String drawing = Files.readString(folder.resolve("m1-demo-sweep.svg"));
        assertThat(drawing.endsWith("</svg>\n") && drawing.contains("<path")).isTrue();
        assertThat(drawing.contains("NaN")).as("a place that cannot be drawn").isFalse();
        assertThat(run.err()).contains("m1-demo-sweep.png").contains("12/12");
    }

    @Test
    void anyQuestionOfTheExamCanBeAsked() throws IOException {
        CliRun run = CliRun.withDemo(DEMO, "ask", "--exam", "2", "--budget", "8", "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(JSON.readTree(run.out()).at("/exam/id").asText()).isEqualTo("m1-demo#1");
        for (String number : new String[] {"0", "-1", "1001"}) {
            CliRun outside = CliRun.withDemo(DEMO, "ask", "--exam", number);
            assertThat(outside.status()).isEqualTo(2);
            assertThat(outside.err()).contains("--exam must be in [1, 1000], got " + number);
        }
    }

    @Test
    void sweepPrintsTables(@TempDir Path folder) {
        CliRun run = CliRun.withDemo(
                DEMO, "sweep", "--demo", "--limit", "3", "--budgets", "0,8", "--out", folder.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("m1-demo-1k, 3 questions").contains("some unseen").contains("right->wrong");
    }
}
