package dev.m1.bench.medical.report;

import dev.m1.bench.medical.stats.Interval;
import java.util.List;

/** Shares over categories as lines, with bands where there are intervals. */
final class LineChart {
    private static final double LEAST_SPAN = 0.1; // Ten points: smaller differences shall look small.

    private LineChart() {}

    /**
     * One line.
     *
     * @param name for the legend
     * @param shares one for each category, in [0, 1]
     * @param bands the same number of intervals, or none
     */
    record Line(String name, List<Double> shares, List<Interval> bands) {}

    static void draw(Html html, String title, String xTitle, List<String> categories, List<Line> lines) {
        double low = 1;
        double high = 0;
        for (Line line : lines) {
            for (double share : line.shares) {
                low = Math.min(low, share);
                high = Math.max(high, share);
            }
            for (Interval band : line.bands) {
                low = Math.min(low, band.low());
                high = Math.max(high, band.high());
            }
        }
        Scale y = Scale.around(low, high, LEAST_SPAN).within(0, 1);
        Chart chart = Chart.open(html, title, xTitle, y, tick -> Chart.number(100 * tick) + " %");
        chart.categories(categories);
        for (int i = 0; i < lines.size(); i++) {
            band(html, chart, lines.get(i), Chart.colour(i));
        }
        for (int i = 0; i < lines.size(); i++) {
            line(html, chart, lines.get(i), categories, Chart.colour(i));
        }
        chart.close();
    }

    private static void band(Html html, Chart chart, Line line, String colour) {
        int n = line.bands.size();
        if (n == 0) {
            return;
        }
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < n; i++) {
            points.append(point(chart.x(i, n), chart.y(line.bands.get(i).high())));
        }
        for (int i = n - 1; i >= 0; i--) {
            points.append(point(chart.x(i, n), chart.y(line.bands.get(i).low())));
        }
        if (n > 1) {
            html.empty("polygon", "class", "band " + colour, "points", points.toString().strip());
        } else { // A band of one place has no width: an error bar.
            Interval band = line.bands.getFirst();
            String x = Chart.number(chart.x(0, 1));
            html.empty("line", "class", "line " + colour, "x1", x, "x2", x, "y1",
                    Chart.number(chart.y(band.low())), "y2", Chart.number(chart.y(band.high())));
        }
    }

    private static void line(Html html, Chart chart, Line line, List<String> categories, String colour) {
        int n = line.shares.size();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < n; i++) {
            points.append(point(chart.x(i, n), chart.y(line.shares.get(i))));
        }
        html.empty("polyline", "class", "line " + colour, "points", points.toString().strip());
        for (int i = 0; i < n; i++) {
            html.open("circle", "class", "dot " + colour, "r", "3.5", "cx", Chart.number(chart.x(i, n)), "cy",
                    Chart.number(chart.y(line.shares.get(i))));
            String band = line.bands.isEmpty() ? "" : " (" + Format.interval(line.bands.get(i)) + ")";
            html.element("title", line.name + ", " + categories.get(i) + ": " + Format.percent(line.shares.get(i))
                    + " %" + band);
            html.close();
        }
    }

    private static String point(double x, double y) {
        return Chart.number(x) + "," + Chart.number(y) + " ";
    }
}
