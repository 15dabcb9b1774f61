package dev.m1.cpu.kernels;

/**
 * One worker's buffers for matrix products whose rows have at most a certain number of elements.
 *
 * <p>The buffers of all workers are ranges of one long array. A vector that straddles two cache lines costs two loads,
 * and Java does not say where an array lies; but a long array gets regions of its own from the usual collectors, whose
 * start is aligned, and its elements follow a header of 16 bytes. So every buffer begins 12 floats behind a multiple of
 * 16. Where that guess is wrong products are slower, never different.
 */
public final class LinearScratch {
    private static final int ALIGN = 16; // floats of a cache line
    private static final int HEADER = 4; // floats of an array's header

    final float[] memory;
    final int panel; // [PANEL_ROWS / TILE_ROWS, steps, TILE_ROWS, 16]: unpacked weights
    final int acts; // [tiles, steps, TILE_TOKENS, 16]: activations in slot order
    final int lanes; // [tiles, PANEL_ROWS / TILE_ROWS, TILE_ROWS, TILE_TOKENS, 16]
    final float[] row; // [inputs]

    private LinearScratch(float[] memory, int from, int inputs) {
        this.memory = memory;
        int length = Lanes.padded(inputs);
        panel = from;
        acts = panel + Projection.PANEL_ROWS * length;
        lanes = acts + Projection.BLOCK_TOKENS * length;
        row = new float[inputs];
    }

    /** The buffers of all workers. */
    public static LinearScratch[] team(int workers, int inputs) {
        int each = Math.toIntExact(floats(inputs));
        float[] memory = new float[Math.addExact(Math.multiplyExact(workers, each), ALIGN - HEADER)];
        LinearScratch[] team = new LinearScratch[workers];
        for (int i = 0; i < workers; i++) {
            team[i] = new LinearScratch(memory, ALIGN - HEADER + i * each, inputs);
        }
        return team;
    }

    /** Floats of one worker's share of the array. */
    public static long floats(int inputs) {
        long rows = Projection.PANEL_ROWS + Projection.BLOCK_TOKENS;
        return rows * Lanes.padded(inputs) + (long) Projection.BLOCK_TOKENS * Projection.PANEL_ROWS * Lanes.COUNT;
    }
}
