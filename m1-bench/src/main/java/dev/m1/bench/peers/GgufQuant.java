package dev.m1.bench.peers;

import java.nio.ByteBuffer;

/**
 * Rounded weights of a GGUF file: blocks of 32 neighbouring weights of a row, each a half-precision scale and 32
 * integers, as ggml's {@code ggml-common.h} lays them out and its {@code quantize_row_*_ref} rounds.
 */
enum GgufQuant {
    /** Bytes: the largest magnitude becomes 127, halves are rounded away from zero. */
    Q8_0(8, 7, Short.BYTES + GgufQuant.BLOCK) {
        @Override
        void encode(float[] weights, int from, ByteBuffer out) {
            float scale = Math.abs(farthest(weights, from)) / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            out.putShort(Float.floatToFloat16(scale));
            for (int i = 0; i < BLOCK; i++) {
                float x = weights[from + i] * inverse;
                out.put((byte) (x < 0 ? -Math.round(-x) : Math.round(x)));
            }
        }
    },

    /**
     * Half bytes with an offset of 8: the weight of the largest magnitude becomes -8, what would be 8 becomes 7. Byte i
     * holds weight i in its lower half and weight i + 16 in its upper.
     */
    Q4_0(2, 2, Short.BYTES + GgufQuant.BLOCK / 2) {
        @Override
        void encode(float[] weights, int from, ByteBuffer out) {
            float scale = farthest(weights, from) / -8;
            float inverse = scale == 0 ? 0 : 1 / scale;
            out.putShort(Float.floatToFloat16(scale));
            for (int i = 0; i < BLOCK / 2; i++) {
                int low = nibble(weights[from + i] * inverse);
                int high = nibble(weights[from + BLOCK / 2 + i] * inverse);
                out.put((byte) (low | high << 4));
            }
        }

        private static int nibble(float x) {
            return Math.min(15, (int) (x + 8.5f));
        }
    };

    /** Weights that share a scale. */
    static final int BLOCK = 32;

    private final int tensorType;
    private final int fileType;
    private final int blockBytes;

    GgufQuant(int tensorType, int fileType, int blockBytes) {
        this.tensorType = tensorType;
        this.fileType = fileType;
        this.blockBytes = blockBytes;
    }

    /** Number of the {@code ggml_type}. */
    int tensorType() {
        return tensorType;
    }

    /** Number of the {@code llama_ftype}; informative. */
    int fileType() {
        return fileType;
    }

    /**
     * Bytes of so many weights.
     *
     * @throws IllegalArgumentException if they are no whole blocks
     */
    long bytes(long weights) {
        if (weights % BLOCK != 0) {
            throw new IllegalArgumentException(this + " has blocks of " + BLOCK + " weights, not rows of " + weights);
        }
        return weights / BLOCK * blockBytes;
    }

    /** Appends the block of the weights from {@code from} on. */
    abstract void encode(float[] weights, int from, ByteBuffer out);

    /** The first weight of the largest magnitude. */
    private static float farthest(float[] weights, int from) {
        float farthest = 0;
        for (int i = from; i < from + BLOCK; i++) {
            farthest = Math.abs(weights[i]) > Math.abs(farthest) ? weights[i] : farthest;
        }
        return farthest;
    }
}
