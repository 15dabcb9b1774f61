package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiloxTest {
    /** The known answers that the authors publish with Random123 ({@code kat_vectors}, philox4x32 with 10 rounds). */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void knownAnswers(String counter, String key, String expected) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] e = words(expected);
        long lower = Philox.half(c[0], c[1], c[2], c[3], k[0], k[1], false);
        long upper = Philox.half(c[0], c[1], c[2], c[3], k[0], k[1], true);
        assertThat(new int[] {(int) lower, (int) (lower >>> 32), (int) upper, (int) (upper >>> 32)}).isEqualTo(e);
    }

    @Test
    void seedSampleAndPositionLieWhereTheyAreDocumented() {
        long bits = Philox.bits(0x299f31d0_a4093822L, 0x03707344_13198a2eL, 0x243f6a88);
        assertThat(bits).isEqualTo(Philox.half(0x243f6a88, 0, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, false));
    }

    @Test
    void everyPartOfTheKeyCounts() {
        Set<Long> seen = new HashSet<>();
        for (int shift = 0; shift < 64; shift++) {
            seen.add(Philox.bits(1L << shift, 0, 0));
            seen.add(Philox.bits(0, 1L << shift, 0));
        }
        for (int shift = 0; shift < 32; shift++) {
            seen.add(Philox.bits(0, 0, 1 << shift));
        }
        assertThat(seen).hasSize(64 + 64 + 32);
    }

    @Test
    void uniformIsTheUpper53Bits() {
        double sum = 0;
        int n = 10_000;
        for (int i = 0; i < n; i++) {
            double u = Philox.uniform(7, 3, i);
            assertThat(u).isBetween(0.0, Math.nextDown(1.0));
            assertThat((long) (u * 0x1p53)).isEqualTo(Philox.bits(7, 3, i) >>> 11);
            sum += u;
        }
        // The mean of n uniforms has standard deviation 1 / sqrt(12 n) = 0.0029; five of them.
        assertThat(sum / n).isBetween(0.5 - 5 / Math.sqrt(12.0 * n), 0.5 + 5 / Math.sqrt(12.0 * n));
    }

    private static int[] words(String hex) {
        String[] parts = hex.trim().split(" ");
        int[] words = new int[parts.length];
        for (int i = 0; i < words.length; i++) {
            words[i] = Integer.parseUnsignedInt(parts[i], 16);
        }
        return words;
    }
}
