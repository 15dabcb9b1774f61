package dev.m1.bench.medical.report;

import java.util.List;

/** Counts over categories as bars; below zero they hang. */
final class BarChart {
    private static final double GAP = 0.25; // of a category's width

    private BarChart() {}

    /**
     * Bars of one colour.
     *
     * @param name for the legend
     * @param counts one for each category
     */
    record Bars(String name, List<Integer> counts) {}

    /** Bars of the same category stand on one another, those below zero under one another. */
    static void draw(Html html, String title, String xTitle, List<String> categories, List<Bars> bars) {
        int n = categories.size();
        double low = 0;
        double high = 0;
        for (int i = 0; i < n; i++) {
            int up = 0;
            int down = 0;
            for (Bars b : bars) {
                up += Math.max(0, b.counts.get(i));
                down += Math.min(0, b.counts.get(i));
            }
            low = Math.min(low, down);
            high = Math.max(high, up);
        }
        Scale y = Scale.around(low, Math.max(high, low + 1), 1);
        y = y.within(Math.min(y.low(), 0), Math.max(y.high(), 0));
        Chart chart = Chart.open(html, title, xTitle, y, tick -> Chart.number(Math.abs(tick)));
        chart.categories(categories);
        double width = (Chart.WIDTH - Chart.LEFT - Chart.RIGHT) / n * (1 - GAP);
        for (int i = 0; i < n; i++) {
            int up = 0;
            int down = 0;
            for (int b = 0; b < bars.size(); b++) {
                int count = bars.get(b).counts.get(i);
                int from = count < 0 ? down : up;
                bar(html, chart, chart.x(i, n) - width / 2, width, from, from + count, Chart.colour(b),
                        bars.get(b).name + ", " + categories.get(i) + ": " + Math.abs(count));
                up += Math.max(0, count);
                down += Math.min(0, count);
            }
        }
        html.empty("line", "class", "zero", "x1", Chart.number(Chart.LEFT), "x2",
                Chart.number(Chart.WIDTH - Chart.RIGHT), "y1", Chart.number(chart.y(0)), "y2",
                Chart.number(chart.y(0)));
        chart.close();
    }

    private static void bar(
            Html html, Chart chart, double x, double width, double from, double to, String colour, String title) {
        double top = chart.y(Math.max(from, to));
        double height = chart.y(Math.min(from, to)) - top;
        if (height <= 0) {
            return;
        }
        html.open("rect", "class", "bar " + colour, "x", Chart.number(x), "y", Chart.number(top), "width",
                Chart.number(width), "height", Chart.number(height));
        html.element("title", title).close();
    }
}
