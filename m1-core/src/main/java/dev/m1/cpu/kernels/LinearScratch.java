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
    private static final int LANES = Math.max(
            Projection.BLOCK_TOKENS * LaneProjection.PANEL_ROWS * Lanes.COUNT,
            PanelProjection.totalsFloats(Projection.BLOCK_TOKENS));

    final float[] memory;
    final int panel; // unpacked weights: as stored [PANEL_ROWS / TILE_ROWS, steps, TILE_ROWS, 16], or see PanelKernel
    final int acts; // activations: in slot order [tiles, steps, TILE_TOKENS, 16], or see PanelKernel
    final int lanes; // sums: [tiles, PANEL_ROWS / TILE_ROWS, TILE_ROWS, TILE_TOKENS, 16], or totals, see PanelKernel
    final float[] row; // [inputs]
    final float[] slots; // [inputs, rounded up to whole blocks of 32]: a token in slot order

    final Target target = new Target();

    private LinearScratch(float[] memory, int from, int inputs) {
        this.memory = memory;
        panel = from;
        acts = Math.toIntExact(panel + panelFloats(inputs));
        lanes = Math.toIntExact(acts + actsFloats(inputs));
        row = new float[inputs];
        slots = new float[PanelMatrix.padded(inputs)];
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
        return panelFloats(inputs) + actsFloats(inputs) + LANES;
    }

    private static long panelFloats(int inputs) {
        long stored = (long) LaneProjection.PANEL_ROWS * Lanes.padded(inputs);
        return Math.max(stored, PanelProjection.unpackedFloats());
    }

    private static long actsFloats(int inputs) {
        long stored = (long) Projection.BLOCK_TOKENS * Lanes.padded(inputs);
        long aligned = PanelProjection.actsFloats(Projection.BLOCK_TOKENS, inputs) + ALIGN - 1 & -ALIGN;
        return Math.max(stored, aligned);
    }
}
