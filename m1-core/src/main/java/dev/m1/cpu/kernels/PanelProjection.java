package dev.m1.cpu.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * Products with matrices in panels, see {@link PanelMatrix} and {@link PanelKernel}.
 *
 * <p>A single token meets four panels at a time, each from a range of its own, so that the memory system sees four long
 * streams. More tokens pass by, four by four, while a chunk of one panel stays in a cache.
 */
public final class PanelProjection<M extends PanelMatrix> extends Projection {
    private static final int STREAMS = 4; // panels of one token at a time
    private static final int TILE_TOKENS = 4;
    private static final int MOST_FLOATS = Q8Kernel.BLOCK_FLOATS; // of a block, of all kinds of weights
    private static final int MOST_ROWS = 2 * Lanes.COUNT; // of a panel, on all machines

    private final List<PanelLinear<M>> parts;
    private final PanelKernel<M> packer; // all parts want activations in one form
    private final int inputs;
    private final int blocks;
    private final int width;

    /** @param linears over the same input, with kernels that want activations in the same form */
    public PanelProjection(List<PanelLinear<M>> linears) {
        super(linears.stream().mapToInt(linear -> linear.matrix().outputs).toArray());
        parts = List.copyOf(linears);
        packer = parts.get(0).kernel();
        inputs = parts.get(0).matrix().inputs;
        blocks = parts.get(0).matrix().blocks;
        width = packer.width();
    }

    /** Floats that unpacked weights take. */
    static int unpackedFloats() {
        return Q8Kernel.CHUNK * MOST_FLOATS * MOST_ROWS;
    }

    /** Floats that the activations of so many tokens take. */
    static long actsFloats(int tokens, int inputs) {
        return (long) tokens * PanelMatrix.blocks(inputs) * MOST_FLOATS;
    }

    /** Floats that the totals of so many tokens take. */
    static int totalsFloats(int tokens) {
        return tokens * MOST_ROWS;
    }

    @Override
    public int packUnit(int tokens) {
        return tokens == 1 ? 1 : TILE_TOKENS;
    }

    @Override
    public int outputUnit(int tokens) {
        return tokens == 1 ? STREAMS * width : width;
    }

    /** As the kernels read them, some tokens interleaved: {@code [tokens / packUnit, blocks, …, packUnit]}. */
    @Override
    public void pack(LinearScratch scratch, float[] x, int at, int stride, int tokens, int begin, int end) {
        M matrix = parts.get(0).matrix();
        int group = packUnit(tokens);
        int size = blocks * packer.blockFloats() * group;
        for (int t = begin; t < end; t++) {
            int to = scratch.acts + t / group * size + t % group;
            packer.pack(matrix, x, at + t * stride, scratch.slots, scratch.memory, to, group);
        }
    }

    @Override
    float[] bias(int part) {
        return parts.get(part).bias();
    }

    @Override
    void multiplyPart(LinearScratch scratch, int part, int tokens, int begin, int end) {
        if (tokens == 1) {
            one(scratch, parts.get(part), begin, end);
        } else {
            many(scratch, parts.get(part), tokens, begin, end);
        }
    }

    /** Rows {@code [begin, end)} of a part for one token. */
    private void one(LinearScratch scratch, PanelLinear<M> linear, int begin, int end) {
        int first = begin / width;
        int last = (end + width - 1) / width;
        int apart = (last - first) / STREAMS;
        for (int p = first; p < first + apart; p++) {
            four(scratch, linear, p, apart, begin, end);
        }
        int rest = first + STREAMS * apart;
        if (rest < last && last - first >= STREAMS) { // some panels again, whose rows are stored already
            four(scratch, linear, last - STREAMS, 1, Math.max(begin, rest * width), end);
        } else {
            for (int p = rest; p < last; p++) {
                four(scratch, linear, p, 0, begin, end);
            }
        }
    }

    private void four(LinearScratch scratch, PanelLinear<M> linear, int panel, int apart, int begin, int end) {
        linear.kernel().four(linear.matrix(), panel, apart, scratch);
        int streams = apart == 0 ? 1 : STREAMS;
        for (int s = 0; s < streams; s++) {
            store(scratch, 0, panel + s * apart, scratch.lanes + s * width, begin, end);
        }
    }

    /** Rows {@code [begin, end)} of a part for a block of tokens. */
    private void many(LinearScratch scratch, PanelLinear<M> linear, int tokens, int begin, int end) {
        int tiles = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
        int size = tiles * TILE_TOKENS * width;
        int chunk = linear.kernel().chunk();
        int last = (end + width - 1) / width;
        for (int p = begin / width; p < last; p++) {
            Arrays.fill(scratch.memory, scratch.lanes, scratch.lanes + size, 0);
            for (int b = 0; b < blocks; b += chunk) {
                linear.kernel().many(linear.matrix(), p, b, Math.min(chunk, blocks - b), tiles, scratch);
            }
            for (int t = 0; t < tokens; t++) {
                store(scratch, t, p, scratch.lanes + t * width, begin, end);
            }
        }
    }

    /** The rows of a panel that lie in {@code [begin, end)}. */
    private void store(LinearScratch scratch, int t, int panel, int totals, int begin, int end) {
        int first = panel * width;
        int from = Math.max(begin, first);
        scratch.target.put(t, from, Math.min(end, first + width), scratch.memory, totals + from - first);
    }
}
