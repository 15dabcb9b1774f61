package dev.m1.cpu.kernels;

/**
 * One worker's buffers for matrix products whose rows have at most a certain number of elements, and the activations
 * that all workers share.
 *
 * <p>All of it are ranges of one long array. A vector that straddles two cache lines costs two loads, and Java does not
 * say where an array lies; but a long array gets regions of its own from the usual collectors, whose start is aligned,
 * and its elements follow a header of 16 bytes. So every buffer begins 12 floats behind a multiple of 16. Where that
 * guess is wrong products are slower, never different.
 */
public final class LinearScratch {
    private static final int ALIGN = 16; // floats of a cache line
    private static final int HEADER = 4; // floats of an array's header
    private static final int ACTS = ALIGN - HEADER;
    private static final int LANES = Math.max(
            Projection.BLOCK_TOKENS * LaneProjection.PANEL_ROWS * Lanes.COUNT,
            PanelProjection.totalsFloats(Projection.BLOCK_TOKENS));

    final float[] memory;
    final int acts = ACTS; // of all workers: in slot order [tiles, steps, TILE_TOKENS, 16], or see PanelKernel
    final int panel; // unpacked weights: as stored [PANEL_ROWS / TILE_ROWS, steps, TILE_ROWS, 16], or see PanelKernel
    final int lanes; // sums: [tiles, PANEL_ROWS / TILE_ROWS, TILE_ROWS, TILE_TOKENS, 16], or totals, see PanelKernel
    final float[] row; // [inputs]
    final float[] slots; // [inputs, rounded up to whole blocks of 32]: a token in slot order
    final PartTarget target = new PartTarget();
    int touched; // never read: what was read ahead has to have a use

    private LinearScratch(float[] memory, int panel, int inputs) {
        this.memory = memory;
        this.panel = panel;
        lanes = Math.toIntExact(panel + panelFloats(inputs));
        row = new float[inputs];
        slots = new float[PanelMatrix.padded(inputs)];
    }

    /** The buffers of all workers. */
    public static LinearScratch[] team(int workers, int inputs) {
        float[] memory = new float[Math.toIntExact(floats(workers, inputs))];
        LinearScratch[] team = new LinearScratch[workers];
        for (int i = 0; i < workers; i++) {
            long panel = ACTS + actsFloats(inputs) + i * (panelFloats(inputs) + LANES);
            team[i] = new LinearScratch(memory, Math.toIntExact(panel), inputs);
        }
        return team;
    }

    /** Floats of the array of so many workers. */
    public static long floats(int workers, int inputs) {
        return ACTS + actsFloats(inputs) + workers * (panelFloats(inputs) + LANES);
    }

    /** Floats of the arrays that each worker has besides. */
    public static long ownFloats(int inputs) {
        return inputs + (long) PanelMatrix.padded(inputs);
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
