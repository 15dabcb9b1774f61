package dev.m1.cpu;

import dev.m1.spi.RopeFrequencies;
import dev.m1.spi.RopeSpec;

/** Cosines and sines of every position, computed in double precision and rounded once. */
final class RopeTable {
    private final int half;
    private final float[] cos; // [positions, headDim / 2]
    private final float[] sin; // [positions, headDim / 2]

    RopeTable(RopeSpec rope, int headDim, int positions) {
        half = headDim / 2;
        double[] inverse = RopeFrequencies.inverse(rope, headDim);
        double factor = RopeFrequencies.attentionFactor(rope);
        cos = new float[Math.multiplyExact(positions, half)];
        sin = new float[cos.length];
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < half; i++) {
                double angle = p * inverse[i];
                cos[p * half + i] = (float) (Math.cos(angle) * factor);
                sin[p * half + i] = (float) (Math.sin(angle) * factor);
            }
        }
    }

    /** Rotates a head {@code x[from … from + headDim - 1]} in place: element i with element i + headDim / 2. */
    void rotate(float[] x, int from, int position) {
        int table = position * half;
        for (int i = 0; i < half; i++) {
            float a = x[from + i];
            float b = x[from + half + i];
            float c = cos[table + i];
            float s = sin[table + i];
            x[from + i] = a * c - b * s;
            x[from + half + i] = b * c + a * s;
        }
    }
}
