package dev.m1.examples.demo;

import dev.m1.bench.medical.stats.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Accuracy without Waits against the budget: a line with a band for each checkpoint. */
final class CurveChart {
    private static final int BAND_ALPHA = 40; // of 255
    private static final Color NO_LINE = new Color(0, 0, 0, 0);

    private CurveChart() {}

    static XYChart of(List<ExamResult> results, int width, int height) {
        XYChart chart = new XYChartBuilder()
                .width(width)
                .height(height)
                .title("Accuracy by thinking budget")
                .xAxisTitle("thinking budget, tokens")
                .yAxisTitle("accuracy, % (band: 95 % Wilson)")
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(100.0).setYAxisDecimalPattern("0");
        chart.getStyler().setXAxisMin(0.0).setXAxisDecimalPattern("0");
        chart.getStyler().setLocale(Locale.ROOT).setMarkerSize(7);
        for (int i = 0; i < results.size(); i++) {
            addBand(chart, results.get(i), ChartStyle.ofCheckpoint(i)); // behind the lines
        }
        for (int i = 0; i < results.size(); i++) {
            addLine(chart, results.get(i), ChartStyle.ofCheckpoint(i));
        }
        return chart;
    }

    /** A polygon: along the lower bounds, and back along the upper ones. */
    private static void addBand(XYChart chart, ExamResult result, Color colour) {
        List<Integer> budgets = result.grid().budgets();
        int n = budgets.size();
        double[] x = new double[2 * n];
        double[] y = new double[2 * n];
        for (int i = 0; i < n; i++) {
            Interval interval = result.at(budgets.get(i), 0).interval();
            x[i] = budgets.get(i);
            y[i] = 100 * interval.low();
            x[2 * n - 1 - i] = budgets.get(i);
            y[2 * n - 1 - i] = 100 * interval.high();
        }
        XYSeries band = chart.addSeries(result.checkpoint() + " band", x, y);
        band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
        band.setMarker(SeriesMarkers.NONE).setLineColor(NO_LINE);
        band.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND_ALPHA));
        band.setShowInLegend(false);
    }

    private static void addLine(XYChart chart, ExamResult result, Color colour) {
        List<Integer> budgets = result.grid().budgets();
        double[] x = budgets.stream().mapToDouble(b -> b).toArray();
        double[] y = budgets.stream()
                .mapToDouble(b -> 100 * result.at(b, 0).accuracy())
                .toArray();
        XYSeries line = chart.addSeries(result.checkpoint(), x, y);
        line.setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(colour)
                .setLineStyle(new BasicStroke(2))
                .setLineColor(colour);
    }
}
