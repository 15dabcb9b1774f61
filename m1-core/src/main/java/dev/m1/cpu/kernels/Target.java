package dev.m1.cpu.kernels;

/** Where the results of a block of tokens go; set again for every block, so that nothing is made. */
public final class Target {
    private float[] y; // at + t * stride + output
    private int at;
    private int stride;
    private boolean accumulate;

    /**
     * Names the rows that follow.
     *
     * @param at where output 0 of token 0 lies
     * @param stride from one token to the next
     * @param accumulate whether results are added to what is there
     */
    public void set(float[] y, int at, int stride, boolean accumulate) {
        this.y = y;
        this.at = at;
        this.stride = stride;
        this.accumulate = accumulate;
    }

    void put(int t, int output, float value) {
        int to = at + t * stride + output;
        y[to] = accumulate ? y[to] + value : value;
    }

    /** Sums and, unless null, biases of {@code count} neighbouring outputs. */
    void put(int t, int output, int count, float[] sums, int from, float[] bias, int firstBias) {
        float[] y = this.y;
        int to = at + t * stride + output;
        boolean accumulate = this.accumulate;
        for (int i = 0; i < count; i++) {
            float value = bias == null ? sums[from + i] : sums[from + i] + bias[firstBias + i];
            y[to + i] = accumulate ? y[to + i] + value : value;
        }
    }
}
