package dev.m1.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Against the bytes that ggml's own {@code quantize_row_*_ref} (llama.cpp, commit ec98e2002) makes of the same. */
class GgufQuantTest {
    private static final String Q8_0 = "c82381776b5f53473b2f23170bfff3e7dbcfc3b7ab9f93877d7165594d4135291d11"
            + "b92305f9ede1d5c9bdb1a5998d81786c6054483c3024180c00f4e8dcd0c4b8aca094"
            + "0e27000000000000817f400000000000000000000000000000000000000000000000";
    private static final String Q4_0 = "b833403f3f2e1d0cfcfbeae9d9c8b7b6a695aa33d8c8b7a6a5958473626251403f3f2e1d"
            + "0037888888888888808f8c88888888888888";

    /** Two blocks of many values, one of zeros but for three, of which two tie for the largest. */
    private static float[] weights() {
        float[] x = new float[3 * GgufQuant.BLOCK];
        for (int i = 0; i < 2 * GgufQuant.BLOCK; i++) {
            x[i] = ((i * 7919 + 13) % 2003 - 1001) / 512f;
        }
        x[70] = -3.5f;
        x[71] = 3.5f;
        x[72] = 1.75f;
        return x;
    }

    private static String encoded(GgufQuant quant, float[] weights) {
        ByteBuffer out = ByteBuffer.allocate((int) quant.bytes(weights.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < weights.length; from += GgufQuant.BLOCK) {
            quant.encode(weights, from, out);
        }
        assertThat(out.hasRemaining()).isFalse();
        return HexFormat.of().formatHex(out.array());
    }

    @Test
    void bytesAreThoseOfGgml() {
        assertThat(encoded(GgufQuant.Q8_0, weights())).isEqualTo(Q8_0);
        assertThat(encoded(GgufQuant.Q4_0, weights())).isEqualTo(Q4_0);
    }

    @Test
    void rowsAreWholeBlocks() {
        assertThat(GgufQuant.Q8_0.bytes(64)).isEqualTo(68);
        assertThat(GgufQuant.Q4_0.bytes(64)).isEqualTo(36);
        assertThatThrownBy(() -> GgufQuant.Q4_0.bytes(48))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Q4_0")
                .hasMessageContaining("48");
    }
}
