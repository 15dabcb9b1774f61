package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.bench.medical.stats.PairedComparison.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Flip tables, McNemar's test, Holm's correction, and what is built of them. */
class PairedTest {
    static Stream<JsonNode> mcnemar() {
        return StatsGoldens.of("mcnemar_cases");
    }

    static Stream<JsonNode> holm() {
        return StatsGoldens.of("holm");
    }

    @ParameterizedTest
    @MethodSource("mcnemar")
    void pValuesAreExact(JsonNode golden) {
        McNemar test = McNemar.of(new FlipTable(3, golden.get("b").intValue(), golden.get("c").intValue(), 4));
        // The tail comes from a continued fraction that stops at a relative error of 1e-14, times the logarithm of
        // gamma, which is off by a unit of some thousands: 1e-15 * 1e4.
        Percentage close = Percentage.withPercentage(1e-8);
        assertThat(test.exactP()).isCloseTo(golden.get("exact").doubleValue(), close);
        assertThat(test.midP()).isCloseTo(golden.get("mid").doubleValue(), close);
    }

    @ParameterizedTest
    @MethodSource("holm")
    void correctsAsStatsmodels(JsonNode golden) {
        // One multiplication each.
        assertThat(Holm.adjust(StatsGoldens.doubles(golden.get("p"))))
                .containsExactly(StatsGoldens.doubles(golden.get("holm")), within(1e-15));
    }

    @Test
    void refusesWhatIsNoPValue() {
        assertThatIllegalArgumentException().isThrownBy(() -> Holm.adjust(new double[] {0.1, 1.5}));
        assertThatIllegalArgumentException().isThrownBy(() -> Holm.adjust(new double[] {Double.NaN}));
    }

    @Test
    void flipTableCountsDirections() {
        FlipTable flips = FlipTable.of(bits("1111000"), bits("1001100"));
        assertThat(flips).isEqualTo(new FlipTable(2, 2, 1, 2));
        assertThat(flips.n()).isEqualTo(7);
        assertThat(flips.difference()).isEqualTo(-1.0 / 7);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FlipTable.of(bits("1"), bits("10")))
                .withMessageContaining("1 and 2");
    }

    @Test
    void comparesTheRunsOfAFamily() {
        List<PairedRun> runs = List.of(run("128", "0000000000"), run("512", "1111110000"), run("2048", "1111100000"));
        assertThat(PairedComparison.of(runs, Family.CONSECUTIVE))
                .extracting(c -> c.before() + ">" + c.after())
                .containsExactly("128>512", "512>2048");
        assertThat(PairedComparison.of(runs, Family.AGAINST_FIRST))
                .extracting(c -> c.before() + ">" + c.after())
                .containsExactly("128>512", "128>2048");
        List<PairedComparison> all = PairedComparison.of(runs, Family.ALL_PAIRS);
        assertThat(all)
                .extracting(c -> c.before() + ">" + c.after())
                .containsExactly("128>512", "128>2048", "512>2048");
        // Six flips one way: mid-p 2^-6; five: 2^-5; one: 1/2. Holm: 3 * 1/64, 2 * 1/32, 1 * 1/2.
        assertThat(all).extracting(c -> c.test().midP()).usingComparatorForType(PairedTest::near, Double.class)
                .containsExactly(1 / 64.0, 1 / 32.0, 0.5);
        assertThat(all).extracting(PairedComparison::holmP).usingComparatorForType(PairedTest::near, Double.class)
                .containsExactly(3 / 64.0, 2 / 32.0, 0.5);
        assertThat(all.get(2).flips()).isEqualTo(new FlipTable(5, 1, 0, 4));
        assertThat(PairedComparison.of(runs.subList(0, 1), Family.ALL_PAIRS)).isEmpty();
    }

    @Test
    void runsArePairedByKeyNotByPlace() {
        PairedRun before = new PairedRun("a", Map.of("x", true, "y", false));
        Map<String, Boolean> turned = new LinkedHashMap<>();
        turned.put("y", false);
        turned.put("x", true);
        assertThat(before.flipsTo(new PairedRun("b", turned))).isEqualTo(new FlipTable(1, 0, 0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> before.flipsTo(new PairedRun("b", Map.of("x", true, "z", false))))
                .withMessageContaining("y only in a")
                .withMessageContaining("z only in b");
    }

    @Test
    void firstCorrectBudget() {
        TreeMap<Integer, boolean[]> sweep = new TreeMap<>();
        sweep.put(2048, bits("110010"));
        sweep.put(128, bits("100001"));
        sweep.put(512, bits("010001"));
        assertThat(FirstCorrect.of(sweep))
                .isEqualTo(new FirstCorrect(List.of(128, 512, 2048), List.of(2, 1, 1), 2, 1));
        sweep.put(4096, bits("1"));
        assertThatIllegalArgumentException().isThrownBy(() -> FirstCorrect.of(sweep)).withMessageContaining("6 and 1");
    }

    private static int near(double a, double b) {
        return Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b);
    }

    private static PairedRun run(String name, String verdicts) {
        Map<String, Boolean> correct = new LinkedHashMap<>();
        for (int i = 0; i < verdicts.length(); i++) {
            correct.put("q" + i, verdicts.charAt(i) == '1');
        }
        return new PairedRun(name, correct);
    }

    private static boolean[] bits(String text) {
        boolean[] bits = new boolean[text.length()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = text.charAt(i) == '1';
        }
        return bits;
    }
}
