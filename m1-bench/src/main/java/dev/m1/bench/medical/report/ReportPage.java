package dev.m1.bench.medical.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The report as one HTML file that asks nobody for anything: no script, no font, no picture from elsewhere. */
final class ReportPage {
    /** Even if a text of the run got through unescaped, the browser would run and fetch nothing. */
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private ReportPage() {}

    static String of(RunStatistics s, int cases) {
        String model = s.run().run().settings().path("model").path("name").asText("model");
        String title = "m1 evaluation: " + model;
        Html html = begin(title);
        html.element("h1", title);
        HeadSection.write(html, s);
        html.open("nav", "aria-label", "Sections").open("ul");
        link(html, "budgets", "Accuracy by budget");
        link(html, "sources", "By source");
        link(html, "paper", "Beside the paper");
        if (s.run().grid().waits().size() > 1) {
            link(html, "waits", "Waits");
        }
        link(html, "thinking", "Thinking length");
        link(html, "flips", "What changes");
        link(html, "scorers", "The two scorers");
        if (cases > 0) {
            link(html, "cases", "Right to wrong");
        }
        link(html, "method", "How it was made");
        html.close().close().line();
        BudgetSection.write(html, s);
        SourceSection.write(html, s);
        PaperSection.write(html, s);
        WaitSection.write(html, s);
        ThinkingSection.write(html, s);
        FlipSection.write(html, s);
        ScorerSection.write(html, s);
        if (cases > 0) {
            CaseSection.write(html, s, cases);
        }
        MethodSection.write(html, s);
        html.close().close();
        return html.document();
    }

    /** Up to and including the opened body. */
    private static Html begin(String title) {
        Html html = new Html();
        html.open("html", "lang", "en").open("head").line();
        html.empty("meta", "charset", "utf-8");
        html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        html.empty("meta", "name", "referrer", "content", "no-referrer");
        html.element("title", title).style(styles()).close().line();
        return html.open("body").line();
    }

    private static void link(Html html, String section, String title) {
        html.open("li").element("a", title, "href", "#" + section).close();
    }

    private static String styles() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            byte[] css = Objects.requireNonNull(in, "report.css is missing from the jar").readAllBytes();
            return new String(css, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e); // from the jar that this class came from
        }
    }
}
