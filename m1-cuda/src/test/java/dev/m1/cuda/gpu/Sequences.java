package dev.m1.cuda.gpu;

import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.util.Arrays;

/** Sequences of one length that are fed and decoded together. */
final class Sequences {
    private final Decoder decoder;
    private final Sampling sampling;
    private final int[][] ids; // [rows][context]
    private final int[][] tables; // [rows][blocks]
    private final StepBatch batch;
    private final StepResult result;
    private int length; // tokens in the cache of every row

    Sequences(Decoder decoder, int rows, int contextTokens, Sampling sampling) {
        this.decoder = decoder;
        this.sampling = sampling;
        int blocks = decoder.kv().blocksFor(contextTokens);
        ids = new int[rows][contextTokens + 1];
        tables = new int[rows][blocks];
        for (int r = 0; r < rows; r++) {
            int first = r * blocks;
            Arrays.setAll(tables[r], i -> first + i);
        }
        batch = new StepBatch(rows);
        result = new StepResult(rows);
    }

    /** Feeds a prompt to the first row in chunks, copies its cache to the others; all rows have its next id then. */
    void prefill(int[] prompt, int chunk) {
        for (int from = 0; from < prompt.length; from += chunk) {
            int n = Math.min(chunk, prompt.length - from);
            batch.clear();
            batch.addRow(prompt, from, n, from, tables[0], tables[0].length).sample(Sampling.greedy(), 0);
            decoder.step(batch, result);
        }
        length = prompt.length;
        int blocks = decoder.kv().blocksFor(length);
        for (int r = 0; r < ids.length; r++) {
            System.arraycopy(prompt, 0, ids[r], 0, length);
            ids[r][length] = result.sampled(0);
            if (r > 0) {
                decoder.copyBlocks(tables[0], tables[r], blocks);
            }
        }
    }

    /** One token more for every row; asks for the first row's logits if {@code logits} is not null. */
    void decode(float[] logits) {
        batch.clear();
        for (int r = 0; r < ids.length; r++) {
            batch.addRow(ids[r], length, 1, length, tables[r], tables[r].length).sample(sampling, r);
        }
        if (logits != null) {
            batch.row(0).logits(logits);
        }
        decoder.step(batch, result);
        length++;
        for (int r = 0; r < ids.length; r++) {
            ids[r][length] = result.sampled(r);
        }
    }

    /** Goes back to a shorter cache. */
    void rewind(int tokens) {
        length = tokens;
    }
}
