package dev.m1.examples.demo;

import dev.m1.bench.medical.stats.FlipTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** How many answers Waits flip in either direction, against none, at the largest budget. */
final class FlipChart {
    private FlipChart() {}

    static CategoryChart of(List<ExamResult> results, int width, int height) {
        List<String> names = new ArrayList<>();
        List<Integer> spoilt = new ArrayList<>();
        List<Integer> mended = new ArrayList<>();
        int budget = 0;
        for (ExamResult result : results) {
            budget = result.largestBudget();
            for (int waits : result.grid().waits()) {
                if (waits > 0) {
                    FlipTable flips = result.flips(waits);
                    names.add(shortened(result.checkpoint()) + " ×" + waits);
                    spoilt.add(flips.rightToWrong());
                    mended.add(flips.wrongToRight());
                }
            }
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(width)
                .height(height)
                .title("Answers flipped by \"Wait\"")
                .xAxisTitle("checkpoint × Waits, against none at budget " + budget)
                .yAxisTitle("questions")
                .build();
        ChartStyle.apply(chart.getStyler());
        chart.getStyler().setYAxisMin(0.0).setYAxisDecimalPattern("0").setLocale(Locale.ROOT);
        chart.getStyler().setXAxisTickMarkSpacingHint(40).setXAxisMaxLabelCount(names.size());
        chart.getStyler().setLabelsVisible(true).setLabelsPosition(0.95).setAvailableSpaceFill(0.8);
        // dark on every bar: what stands above a low one must be seen on white
        chart.getStyler().setLabelsFontColorAutomaticEnabled(false).setLabelsFontColor(ChartStyle.TEXT);
        if (spoilt.stream().allMatch(n -> n == 0) && mended.stream().allMatch(n -> n == 0)) {
            chart.getStyler().setYAxisMax(1.0); // an axis from 0 to 0 cannot be drawn
        }
        if (!names.isEmpty()) {
            chart.addSeries("right → wrong", names, spoilt).setFillColor(ChartStyle.PURPLE);
            chart.addSeries("wrong → right", names, mended).setFillColor(ChartStyle.GREEN);
        }
        return chart;
    }

    /** What follows the last dash: the number of traces. */
    private static String shortened(String checkpoint) {
        return checkpoint.substring(checkpoint.lastIndexOf('-') + 1);
    }
}
