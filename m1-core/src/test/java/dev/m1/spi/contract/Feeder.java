package dev.m1.spi.contract;

import dev.m1.spi.Decoder;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;

/** One sequence with its own blocks, fed in whatever pieces a test likes. */
final class Feeder {
    final int[] ids; // the whole sequence
    final int[] table; // its blocks
    int position; // tokens fed

    Feeder(int[] ids, int[] table) {
        this.ids = ids;
        this.table = table;
    }

    /** Feeds the next {@code n} tokens alone and returns the logits behind them. */
    float[] feed(Decoder decoder, int n, int vocab) {
        StepBatch batch = new StepBatch(1);
        float[] logits = new float[vocab];
        addTo(batch, n, logits);
        decoder.step(batch, new StepResult(1));
        return logits;
    }

    /** Adds the next {@code n} tokens to a batch; {@code logits} may be null. */
    void addTo(StepBatch batch, int n, float[] logits) {
        batch.addRow(ids, position, n, position, table, table.length).logits(logits);
        position += n;
    }

    int left() {
        return ids.length - position;
    }
}
