package dev.m1.bench.medical.compare;

import dev.m1.bench.medical.stats.FlipTable;
import dev.m1.bench.medical.stats.Holm;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.McNemar;
import dev.m1.bench.medical.stats.PairedDifference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a group of questions gains from one run to another.
 *
 * @param group name of the group
 * @param flips question by question
 * @param interval 95 % interval of the change of accuracy
 * @param test McNemar's
 * @param holmP the test's mid-p, corrected over the groups it stands with
 */
public record Gain(String group, FlipTable flips, Interval interval, McNemar test, double holmP) {

    /** The gains of groups that are tested as one family. */
    static List<Gain> family(Map<String, FlipTable> groups) {
        Map<String, McNemar> tests = new LinkedHashMap<>();
        groups.forEach((group, flips) -> tests.put(group, McNemar.of(flips)));
        double[] holm = Holm.adjust(tests.values().stream().mapToDouble(McNemar::midP).toArray());
        List<Gain> gains = new ArrayList<>();
        groups.forEach((group, flips) -> gains.add(new Gain(
                group, flips, PairedDifference.interval(flips), tests.get(group), holm[gains.size()])));
        return gains;
    }

    /** Accuracy before. */
    public double before() {
        return share(flips.bothRight() + flips.rightToWrong());
    }

    /** Accuracy after. */
    public double after() {
        return share(flips.bothRight() + flips.wrongToRight());
    }

    private double share(int right) {
        return flips.n() == 0 ? 0 : (double) right / flips.n();
    }
}
