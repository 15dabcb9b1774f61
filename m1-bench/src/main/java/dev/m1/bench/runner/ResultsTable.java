package dev.m1.bench.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Results for people. */
public final class ResultsTable {
    private ResultsTable() {}

    /** One line a measurement: median, range, and what was counted beside it. */
    public static String of(Results results) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"benchmark", "median", "low", "high", "unit", "beside it"});
        for (Measurement m : results.measurements()) {
            Spread s = m.score();
            rows.add(new String[] {
                m.key(), number(s.median()), number(s.low()), number(s.high()), s.unit(), beside(m.rates())
            });
        }
        return results.device() + ", " + results.machine().java() + ", " + results.date() + ", commit "
                + results.commit() + "\n" + TextTable.of(rows);
    }

    private static String beside(Map<String, Spread> rates) {
        List<String> all = new ArrayList<>();
        rates.forEach((name, rate) -> {
            if (name.equals(Results.FRACTION)) {
                all.add(String.format(Locale.ROOT, "%.0f %% of read bandwidth", 100 * rate.median()));
            } else {
                all.add((name.matches("p\\d+") ? name + " " : "") + number(rate.median()) + " " + rate.unit());
            }
        });
        return String.join(", ", all);
    }

    /** Four digits. */
    static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%.0f" : "%.4g", value);
    }
}
