package dev.m1.cuda.decoder;

import dev.m1.cuda.kernels.Activations;
import dev.m1.cuda.kernels.Attention;
import dev.m1.cuda.kernels.AttentionItems;
import dev.m1.cuda.kernels.KvPool;
import dev.m1.cuda.kernels.Likeliest;
import dev.m1.cuda.kernels.Sample;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;

/** Where the working memory's parts lie, in one device buffer that is zero at first; known before it is allocated. */
final class BufferPlan {
    private static final long MAX_PARTIAL_BYTES = 64L << 20;
    private static final int MAX_SAMPLING_BLOCKS = 64; // rows that are sampled at the same time
    private static final int COUNTS = 8; // ints

    private final ModelSpec spec;
    private final Limits limits;
    private final int slots;
    private final Layout layout = new Layout();
    private final long hidden;
    private final long qkv;
    private final long mixed;
    private final long act;
    private final long logits;
    private final long rope;
    private final long partials;
    private final long counters;
    private final long adjusted;
    private final long marks;
    private final long sampleWeights;
    private final PrefillPlan prefill;
    private final Results results;
    private final long resultsAt;
    private final long counts;
    private final long wanted;
    private final long tops;
    private final long ids;
    private final long positions;
    private final long tokenRow;
    private final long tables;
    private final long items;
    private final long draws;
    private final long history;

    BufferPlan(PackedModel model, ModelSpec spec, Limits limits) {
        this.spec = spec;
        this.limits = limits;
        long tokens = limits.maxStepTokens();
        long rows = limits.maxSequences();
        long perSlot = (long) spec.heads() * (spec.headDim() + 2) * Float.BYTES;
        slots = splits() == 1 ? 0 : (int) Math.min(rows * splits(), Math.max(MAX_PARTIAL_BYTES / perSlot, splits()));
        hidden = floats(tokens, spec.hiddenSize());
        qkv = floats(tokens, qkvDim());
        mixed = floats(tokens, spec.queryDim());
        act = floats(tokens, spec.intermediateSize());
        logits = floats(rows, spec.vocabSize());
        rope = layout.take((long) limits.contextTokens() * spec.headDim() * Float.BYTES);
        partials = layout.take(slots * perSlot);
        counters = layout.take(slots == 0 ? 0 : tokens * spec.kvHeads() * Integer.BYTES);
        long sampling = samplingBlocks() * (long) spec.vocabSize();
        adjusted = layout.take(sampling * Float.BYTES);
        marks = layout.take(sampling * Integer.BYTES);
        sampleWeights = layout.take(sampling * Long.BYTES);
        prefill = PrefillPlan.of(model, spec, limits, layout);
        results = new Results(limits.maxSequences());
        resultsAt = layout.take(results.bytes());
        // From here on what a step uploads, in the order of StepUpload.
        counts = layout.take(COUNTS * Integer.BYTES);
        wanted = layout.take(rows * Integer.BYTES);
        tops = layout.take(2 * rows * Integer.BYTES);
        ids = layout.take(tokens * Integer.BYTES);
        positions = layout.take(tokens * Integer.BYTES);
        tokenRow = layout.take(tokens * Integer.BYTES);
        tables = layout.take(rows * tableStride() * Integer.BYTES);
        items = layout.take((tokens + slots) * AttentionItems.INTS * Integer.BYTES);
        draws = layout.take(rows * Sample.DRAW_BYTES);
        history = layout.take(rows * limits.contextTokens() * Integer.BYTES);
    }

    private long floats(long rows, int width) {
        return layout.take(Math.multiplyExact(rows, (long) Layout.stride(width) * Float.BYTES));
    }

    /** Size of everything. */
    long bytes() {
        return layout.bytes();
    }

    /** Partial results of attention that fit. */
    int slots() {
        return slots;
    }

    /** Splits of the longest context. */
    int splits() {
        return Math.ceilDiv(limits.contextTokens(), Attention.SPLIT);
    }

    /** Blocks of the longest sequence. */
    int tableStride() {
        return Math.ceilDiv(limits.contextTokens(), KvPool.PAGE_TOKENS);
    }

    int qkvDim() {
        return spec.queryDim() + 2 * spec.kvDim();
    }

    /** {@code [tokens, hidden]}, the residual stream. */
    Activations hidden(long base) {
        return tokens(base + hidden, spec.hiddenSize());
    }

    /** {@code [tokens, (heads + 2 * kvHeads) * headDim]}. */
    Activations qkv(long base) {
        return tokens(base + qkv, qkvDim());
    }

    /** {@code [tokens, heads * headDim]}, attention's result. */
    Activations mixed(long base) {
        return tokens(base + mixed, spec.queryDim());
    }

    /** {@code [tokens, intermediate]}. */
    Activations act(long base) {
        return tokens(base + act, spec.intermediateSize());
    }

    private Activations tokens(long address, int width) {
        return new Activations(address, limits.maxStepTokens(), width, Layout.stride(width));
    }

    /** {@code [rows, vocab]}. */
    Activations logits(long base) {
        int width = spec.vocabSize();
        return new Activations(base + logits, limits.maxSequences(), width, Layout.stride(width));
    }

    /** {@code [context, headDim / 2, 2]} floats. */
    long rope(long base) {
        return base + rope;
    }

    /** {@code [slots, heads, headDim + 2]} floats, or 0. */
    long partials(long base) {
        return slots == 0 ? 0 : base + partials;
    }

    /** {@code [tokens, kvHeads]} ints, or 0. */
    long counters(long base) {
        return slots == 0 ? 0 : base + counters;
    }

    private int samplingBlocks() {
        return Math.min(limits.maxSequences(), MAX_SAMPLING_BLOCKS);
    }

    /** What blocks that sample need for themselves. */
    Sample.Work sampling(long base) {
        return new Sample.Work(samplingBlocks(), base + adjusted, base + marks, base + sampleWeights);
    }

    /** Who multiplies the matrices of large steps, and in what memory. */
    PrefillPlan prefill() {
        return prefill;
    }

    /** What a step gives back. */
    Results results() {
        return results;
    }

    /** What the LM head finds beside the logits. */
    Likeliest likeliest(long base) {
        return new Likeliest(results(base) + results.likeliest(), limits.maxSequences());
    }

    /** Device address of the results. */
    long results(long base) {
        return base + resultsAt;
    }

    /** Offset of what a step uploads; also the place of its counts. */
    long inputOffset() {
        return counts;
    }

    /** Bytes of what a step uploads, at most. */
    long inputBytes() {
        return layout.bytes() - counts;
    }

    /** Device addresses of what a step uploads. */
    StepInput input(long base) {
        return new StepInput(
                base + counts,
                base + ids,
                base + positions,
                base + tokenRow,
                base + wanted,
                base + tops,
                base + tables,
                tableStride(),
                base + items,
                base + draws,
                base + history);
    }
}
