package dev.m1.spi;

/** The output of one {@link Decoder#step}; reusable. Logits go straight into the arrays the rows named. */
public final class StepResult {
    private final int[] sampled; // [maxSequences]
    private final int[][] topIds; // [maxSequences][MAX_TOP]
    private final float[][] topLogprobs; // [maxSequences][MAX_TOP]

    public StepResult(int maxSequences) {
        sampled = new int[maxSequences];
        topIds = new int[maxSequences][StepRow.MAX_TOP];
        topLogprobs = new float[maxSequences][StepRow.MAX_TOP];
    }

    /** The id sampled for a row that asked for one. */
    public int sampled(int row) {
        return sampled[row];
    }

    /** For a backend: stores a row's sampled id. */
    public void sampled(int row, int id) {
        sampled[row] = id;
    }

    /** Ids of the likeliest tokens of a row, best first; as many as it asked for are valid. Written by the backend. */
    public int[] topIds(int row) {
        return topIds[row];
    }

    /** Natural-log probabilities beside {@link #topIds}. Written by the backend. */
    public float[] topLogprobs(int row) {
        return topLogprobs[row];
    }
}
