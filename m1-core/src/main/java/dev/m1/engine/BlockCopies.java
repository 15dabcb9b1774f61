package dev.m1.engine;

import dev.m1.spi.Decoder;
import java.util.Arrays;

/** Copies of KV blocks that must happen before the next step. */
final class BlockCopies {
    private int[] source = new int[8];
    private int[] destination = new int[8];
    private int count;

    void add(int from, int to) {
        if (count == source.length) {
            source = Arrays.copyOf(source, count * 2);
            destination = Arrays.copyOf(destination, count * 2);
        }
        source[count] = from;
        destination[count++] = to;
    }

    int count() {
        return count;
    }

    void applyTo(Decoder decoder) {
        if (count > 0) {
            int all = count;
            count = 0; // also if the decoder fails: its sequences are gone then
            decoder.copyBlocks(source, destination, all);
        }
    }
}
