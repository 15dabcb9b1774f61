package dev.m1.bench.medical.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.Utf16;
import dev.m1.bench.medical.run.CellOutcome;
import dev.m1.bench.medical.run.InventedRun;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    private static final String EVIL = "</p><script>document.title='owned'</script><img src=x onerror=\"document"
            + ".title='owned'\"><style>*{display:none}</style>' onmouseover='x' \u0000\u001b[31m\uD83D &lt; ]]>";

    /** The reader of a file of questions mends the names of sources. */
    private static final String SOURCE = Utf16.wellFormed(EVIL);

    @TempDir
    private Path folder;

    @Test
    void holdsEverySectionAndAsksNobody() throws IOException {
        String html = page(20);
        assertThat(html)
                .contains("id=\"budgets\"", "id=\"sources\"", "id=\"paper\"", "id=\"waits\"", "id=\"thinking\"")
                .contains("id=\"flips\"", "id=\"scorers\"", "id=\"cases\"", "id=\"method\"")
                .contains("Research software, not a medical device.", "not a faithful account")
                .contains("paper: m1-7B-23K", "MedB-4 (308)", "63.64")
                .contains("SHA-256", "<svg", "goes on:");
        assertThat(Pattern.compile("(src|srcset|data|action|poster)\\s*=|url\\(|@import|<link|<script|<iframe")
                        .matcher(html)
                        .results()
                        .map(r -> r.group())
                        .toList())
                .isEmpty();
        assertThat(Pattern.compile("href=\"([^\"]*)\"").matcher(html).results().map(r -> r.group(1)))
                .isNotEmpty()
                .allMatch(link -> link.startsWith("#") && html.contains("id=\"" + link.substring(1) + "\""));
    }

    @Test
    void withoutCasesItHoldsNoTextOfAQuestion() throws IOException {
        assertThat(page(0)).doesNotContain("best next step", "id=\"cases\"", "goes on:");
        assertThat(page(1)).contains("best next step");
    }

    @Test
    void theBrowserRunsAndHidesNothing() throws Exception {
        Browser browser = Browser.require(folder);
        InventedRun.write(folder, EVIL, Map.of(SOURCE, 3, "other", 3), List.of(0, 64), List.of(0, 1), 0, 3);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("A", EVIL + "1");
        options.put("B", EVIL + "2");
        MedicalItem item = new MedicalItem(SOURCE, 3, EVIL + " best next step", options, "A", options.get("A"));
        InventedRun.append(folder, item, Map.of(0, outcome("\\boxed{A}", 0), 64, outcome("\\boxed{B}", 5)));
        Report.write(folder, 1000);
        String html = Files.readString(folder.resolve(Report.HTML));
        String dom = browser.dom(folder.resolve(Report.HTML));
        assertThat(dom).contains("<title>m1 evaluation: &lt;/p&gt;&lt;script&gt;");
        assertThat(dom).doesNotContain("<img", "<script", "<style>*", "\u001b");
        // The browser found every element where it was written: nothing was closed early or moved.
        for (String tag : List.of("section", "article", "table", "tr", "td", "svg", "figure", "p", "div", "details")) {
            assertThat(count(dom, tag)).as(tag).isEqualTo(count(html, tag));
        }
        assertThat(count(dom, "article")).isPositive();
    }

    @Test
    void theBrowserPrintsIt() throws Exception {
        Browser browser = Browser.require(folder);
        page(3);
        Path pdf = folder.resolve("report.pdf");
        browser.run("--print-to-pdf=" + pdf, folder.resolve(Report.HTML).toUri().toString());
        assertThat(Files.size(pdf)).isGreaterThan(10_000); // an empty page has about a thousand bytes
    }

    private static long count(String html, String tag) {
        return Pattern.compile("<" + tag + "[ >]").matcher(html).results().count();
    }

    private static CellOutcome outcome(String answer, int tokens) {
        return new CellOutcome(
                tokens == 0 ? "" : EVIL,
                ThinkingEnd.NATURAL,
                0,
                tokens,
                0,
                "<|im_start|>answer",
                EVIL + answer,
                FinishReason.STOP,
                3);
    }

    private String page(int cases) throws IOException {
        Map<String, Integer> sources = new LinkedHashMap<>();
        sources.put("MedBullets_op4", 308);
        sources.put("PubMedQA_test", 40);
        if (!Files.exists(folder.resolve(Report.HTML))) {
            InventedRun.write(folder, "m1-invented", sources, List.of(0, 256, 2048), List.of(0, 1), 0.1, 11);
        }
        Report.write(folder, cases);
        return Files.readString(folder.resolve(Report.HTML));
    }
}
