package dev.m1.bench.medical.report;

import java.util.List;

/** A table that scrolls by itself where it is wider than the screen. First column text, the others numbers. */
final class Table {
    private final Html html;

    private Table(Html html) {
        this.html = html;
    }

    static Table open(Html html, String... header) {
        return open(html, List.of(header));
    }

    static Table open(Html html, List<String> header) {
        html.open("div", "class", "scroll", "tabindex", "0").open("table").open("thead").open("tr");
        header.forEach(name -> html.element("th", name, "scope", "col"));
        html.close().close().open("tbody").line();
        return new Table(html);
    }

    void row(String first, String... rest) {
        row(first, List.of(rest));
    }

    void row(String first, List<String> rest) {
        html.open("tr").element("th", first, "scope", "row");
        rest.forEach(cell -> html.element("td", cell));
        html.close().line();
    }

    void close() {
        html.close().close().close().line();
    }
}
