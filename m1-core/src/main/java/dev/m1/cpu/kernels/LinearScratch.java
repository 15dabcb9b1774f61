package dev.m1.cpu.kernels;

/** One worker's buffers for matrix products whose rows have at most {@code inputs} elements. */
public final class LinearScratch {
    final float[] panel; // [PANEL_ROWS / TILE_ROWS, steps, TILE_ROWS, 16]: unpacked weights
    final float[] acts; // [tiles, steps, TILE_TOKENS, 16]: activations in slot order
    final float[] lanes; // [tiles, PANEL_ROWS / TILE_ROWS, TILE_ROWS, TILE_TOKENS, 16]
    final float[] row; // [inputs]

    public LinearScratch(int inputs) {
        int length = Lanes.padded(inputs);
        panel = new float[Math.multiplyExact(length, Projection.PANEL_ROWS)];
        acts = new float[Math.multiplyExact(length, Projection.BLOCK_TOKENS)];
        lanes = new float[Projection.BLOCK_TOKENS * Projection.PANEL_ROWS * Lanes.COUNT];
        row = new float[inputs];
    }

    /** Bytes of such a scratch. */
    public static long bytes(int inputs) {
        long rows = Projection.PANEL_ROWS + Projection.BLOCK_TOKENS + 1L;
        long lanes = (long) Projection.BLOCK_TOKENS * Projection.PANEL_ROWS * Lanes.COUNT;
        return Float.BYTES * (rows * Lanes.padded(inputs) + lanes);
    }
}
