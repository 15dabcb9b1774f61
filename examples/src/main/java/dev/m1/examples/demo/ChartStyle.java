package dev.m1.examples.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** What the charts have in common. The colours are told apart by colour-blind readers, too (Okabe and Ito, 2008). */
final class ChartStyle {
    static final Color BLUE = new Color(0x0072B2);
    static final Color ORANGE = new Color(0xD55E00);
    static final Color GREEN = new Color(0x009E73);
    static final Color PURPLE = new Color(0xCC79A7);

    private static final Color GRID = new Color(0xE0E0E0);
    static final Color TEXT = new Color(0x303030);

    private ChartStyle() {}

    /** The colour of the n-th checkpoint. */
    static Color ofCheckpoint(int n) {
        return n % 2 == 0 ? BLUE : ORANGE;
    }

    static void apply(AxesChartStyler styler) {
        styler.setAxisTitleFont(font(Font.PLAIN, 13))
                .setAxisTickLabelsFont(font(Font.PLAIN, 12))
                .setPlotGridLinesColor(GRID)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridVerticalLinesVisible(false)
                .setAxisTickLabelsColor(TEXT)
                .setAxisTickMarksColor(GRID)
                .setChartTitleFont(font(Font.BOLD, 14))
                .setChartTitleBoxVisible(false)
                .setLegendFont(font(Font.PLAIN, 12))
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Horizontal)
                .setLegendBorderColor(Color.WHITE)
                .setPlotBorderVisible(false)
                .setPlotBackgroundColor(Color.WHITE)
                .setChartBackgroundColor(Color.WHITE)
                .setChartFontColor(TEXT)
                .setChartPadding(12);
    }

    private static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }
}
