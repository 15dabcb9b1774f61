package dev.m1.bench.medical.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis with round ticks.
 *
 * @param low its lower end
 * @param high its upper end, above the lower
 * @param ticks round numbers between, ascending
 */
record Scale(double low, double high, List<Double> ticks) {
    private static final int ABOUT = 5; // ticks

    /** An axis that holds both numbers and is at least {@code least} long. */
    static Scale around(double from, double to, double least) {
        double middle = (from + to) / 2;
        double half = Math.max(Math.max(to - from, least), Double.MIN_NORMAL) / 2;
        double step = step(2 * half);
        double low = Math.floor((middle - half) / step + 1e-9) * step;
        double high = Math.ceil((middle + half) / step - 1e-9) * step;
        List<Double> ticks = new ArrayList<>();
        int n = (int) Math.round((high - low) / step);
        for (int i = 0; i <= n; i++) {
            ticks.add(low + i * step);
        }
        return new Scale(low, high, List.copyOf(ticks));
    }

    /** The same axis without what lies outside the bounds. */
    Scale within(double least, double most) {
        double l = Math.max(low, least);
        double h = Math.min(high, most);
        return new Scale(l, h, ticks.stream().filter(t -> t >= l - 1e-9 && t <= h + 1e-9).toList());
    }

    /** Share of the axis below a value, in [0, 1] for values on it. */
    double of(double value) {
        return (value - low) / (high - low);
    }

    private static double step(double length) {
        double raw = length / ABOUT;
        double ten = Math.pow(10, Math.floor(Math.log10(raw)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * ten >= raw * (1 - 1e-9)) {
                return factor * ten;
            }
        }
        return 10 * ten;
    }
}
