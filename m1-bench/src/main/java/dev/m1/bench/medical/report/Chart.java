package dev.m1.bench.medical.report;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * The frame of a chart as inline SVG: axes, ticks, a title for those who cannot see it. Drawn small, so that its text
 * can still be read on a phone; a wide screen puts several side by side.
 */
final class Chart {
    static final double WIDTH = 420;
    static final double HEIGHT = 250;
    static final double LEFT = 50;
    static final double RIGHT = 12;
    static final double TOP = 12;
    static final double BOTTOM = 44;
    private static final double LABEL = 7; // width of a letter

    private final Html html;
    private final Scale y;

    private Chart(Html html, Scale y) {
        this.html = html;
        this.y = y;
    }

    /** Opens figure and drawing, and draws the y axis. */
    static Chart open(Html html, String title, String xTitle, Scale y, DoubleFunction<String> yLabel) {
        html.open("figure").element("figcaption", title);
        html.open(
                "svg",
                "viewBox",
                "0 0 " + number(WIDTH) + " " + number(HEIGHT),
                "role",
                "img",
                "aria-label",
                title);
        Chart chart = new Chart(html, y);
        for (double tick : y.ticks()) {
            double at = chart.y(tick);
            html.empty("line", "class", "grid", "x1", number(LEFT), "x2", number(WIDTH - RIGHT), "y1", number(at), "y2",
                    number(at));
            html.element("text", yLabel.apply(tick), "class", "tick", "x", number(LEFT - 6), "y", number(at + 4),
                    "text-anchor", "end");
        }
        html.element("text", xTitle, "class", "axis", "x", number((LEFT + WIDTH - RIGHT) / 2), "y", number(HEIGHT - 6),
                "text-anchor", "middle");
        return chart;
    }

    void close() {
        html.close().close().line();
    }

    /** Labels under categories, as many as fit. */
    void categories(List<String> labels) {
        int longest = labels.stream().mapToInt(String::length).max().orElse(1);
        double each = (WIDTH - LEFT - RIGHT) / labels.size();
        int every = Math.max(1, (int) Math.ceil((longest + 1) * LABEL / each));
        for (int i = 0; i < labels.size(); i += every) {
            html.element("text", labels.get(i), "class", "tick", "x", number(x(i, labels.size())), "y",
                    number(HEIGHT - BOTTOM + 18), "text-anchor", "middle");
        }
    }

    /** Middle of a category. */
    double x(int index, int categories) {
        return LEFT + (index + 0.5) * (WIDTH - LEFT - RIGHT) / categories;
    }

    double y(double value) {
        return TOP + (1 - y.of(value)) * (HEIGHT - TOP - BOTTOM);
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value).replaceFirst("\\.0$", "");
    }

    /** Which colour means what. */
    static void legend(Html html, List<String> names) {
        html.open("p", "class", "legend");
        for (int i = 0; i < names.size(); i++) {
            html.open("span").element("i", "", "class", "key " + colour(i)).text(names.get(i)).close().text(" ");
        }
        html.close().line();
    }

    static String colour(int index) {
        return "c" + index % 6;
    }
}
