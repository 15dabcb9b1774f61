package dev.m1.bench.medical.report;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.stats.Interval;
import java.util.Locale;

/** Numbers for people. */
final class Format {
    private static final double SMALL_P = 0.0001;

    private Format() {}

    /** Percent with one decimal, without the sign. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    static String interval(Interval i) {
        return percent(i.low()) + "–" + percent(i.high());
    }

    /** Percentage points with a sign. */
    static String points(double difference) {
        double rounded = Math.round(1000 * difference) / 10.0;
        return rounded == 0 ? "0.0" : String.format(Locale.ROOT, "%+.1f", rounded).replace('-', '−');
    }

    static String p(double p) {
        if (p < SMALL_P) {
            return "< 0.0001";
        }
        return String.format(Locale.ROOT, p < 0.01 ? "%.4f" : "%.3f", p);
    }

    static String whole(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    static String waits(int waits) {
        return waits == 1 ? "1 Wait" : waits + " Waits";
    }

    /** A cell's name; the Waits only where they tell cells apart. */
    static String cell(Cell cell, boolean withWaits) {
        return "budget " + cell.budget() + (withWaits ? ", " + waits(cell.waits()) : "");
    }
}
