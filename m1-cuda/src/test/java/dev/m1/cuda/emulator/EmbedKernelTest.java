package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_embed_*}: exact copies, of named ids and of ids that the previous step sampled; zeros for the LM head. */
class EmbedKernelTest {
    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void takesRowsOfTheTable(Supplier<Gpu> open) {
        for (Element element : Element.values()) {
            try (Gpu gpu = open.get()) {
                int n = 300;
                int ld = 304;
                float[] table = Buffers.random(new Random(5), 20 * n, 1);
                MemorySegment hidden = gpu.allocate(4L * 4 * ld);
                int[] before = new int[602]; // 300 numbers of 64 bits, and one that stays
                Arrays.fill(before, 7);
                before[600] = 5;
                before[601] = 6;
                MemorySegment likeliest = Buffers.ints(gpu, before);
                gpu.launch(
                        "m1_embed_" + element.suffix(), 5, 1, 256, 0,
                        element.buffer(gpu, Buffers.strided(table, n, ld)), ld, Buffers.ints(gpu, 7, -2, 19, 0),
                        Buffers.ints(gpu, 99, 13), hidden, ld, n, Buffers.ints(gpu, 4), likeliest, 300);
                assertThat(Buffers.ints(likeliest, 602)).startsWith(new int[600]).endsWith(5, 6);
                float[] actual = Buffers.floats(hidden, 4 * ld);
                int[] ids = {7, 13, 19, 0};
                for (int t = 0; t < 4; t++) {
                    for (int i = 0; i < n; i++) {
                        assertThat(actual[t * ld + i]).isEqualTo(element.rounded(table[ids[t] * n + i]));
                    }
                }
            }
        }
    }
}
