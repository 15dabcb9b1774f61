package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Bf16Test {
    @Test
    void everyValueSurvives() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Bf16.toFloat((short) bits);
            if (Float.isNaN(value)) {
                assertThat(Bf16.toFloat(Bf16.fromFloat(value))).isNaN();
            } else {
                assertThat(Bf16.fromFloat(value)).isEqualTo((short) bits);
            }
        }
    }

    @Property
    void roundsToTheNearestOfTwoNeighboursAndTiesToEven(@ForAll float value) {
        short rounded = Bf16.fromFloat(value);
        float below = Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
        float above = Float.intBitsToFloat((Float.floatToRawIntBits(value) & 0xffff0000) + 0x10000);
        double toBelow = Math.abs((double) value - below);
        double toAbove = Math.abs((double) above - value);
        boolean up = toAbove < toBelow || toAbove == toBelow && (Float.floatToRawIntBits(below) >>> 16 & 1) == 1;
        if (Float.isInfinite(above)) {
            up = (Float.floatToRawIntBits(value) & 0xffff) >= 0x8000; // as if the next power of two were a float
        }
        assertThat(Bf16.toFloat(rounded)).isEqualTo(up ? above : below);
    }

    @Test
    void aNanStaysOne() {
        assertThat(Bf16.toFloat(Bf16.fromFloat(Float.intBitsToFloat(0x7f800001)))).isNaN();
        assertThat(Bf16.toFloat(Bf16.fromFloat(Float.intBitsToFloat(0x7fffffff)))).isNaN();
        assertThat(Bf16.toFloat(Bf16.fromFloat(Float.intBitsToFloat(0xffffffff)))).isNaN();
        assertThat(Bf16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
    }
}
