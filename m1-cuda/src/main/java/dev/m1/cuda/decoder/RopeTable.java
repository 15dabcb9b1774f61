package dev.m1.cuda.decoder;

import dev.m1.spi.ModelSpec;
import dev.m1.spi.RopeFrequencies;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Cosines and sines {@code [positions, headDim / 2, 2]}, computed in double precision and rounded once. */
final class RopeTable implements Packed {
    private final double[] inverse; // [headDim / 2], radians per position
    private final double factor;
    private final int positions;

    RopeTable(ModelSpec spec, int positions) {
        inverse = RopeFrequencies.inverse(spec.rope(), spec.headDim());
        factor = RopeFrequencies.attentionFactor(spec.rope());
        this.positions = positions;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public int rows() {
        return positions;
    }

    @Override
    public long rowBytes() {
        return 2L * inverse.length * Float.BYTES;
    }

    @Override
    public void write(int row, MemorySegment to) {
        for (int i = 0; i < inverse.length; i++) {
            double angle = row * inverse[i];
            to.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i, (float) (Math.cos(angle) * factor));
            to.setAtIndex(ValueLayout.JAVA_FLOAT, 2L * i + 1, (float) (Math.sin(angle) * factor));
        }
    }
}
