package dev.m1.cpu.kernels;

/** Where the results of one linear layer go; a worker's own, and set again for every layer so that nothing is made. */
final class Target {
    private float[] y; // at + t * stride + row
    private int at;
    private int stride;
    private boolean accumulate;
    private float[] bias; // [outputs], or null

    /**
     * @param at where row 0 of token 0 lies
     * @param stride from one token to the next
     */
    void set(float[] bias, float[] y, int at, int stride, boolean accumulate) {
        this.bias = bias;
        this.y = y;
        this.at = at;
        this.stride = stride;
        this.accumulate = accumulate;
    }

    /** Stores or adds the sums of rows {@code [begin, end)}, {@code sums[from …]}, and their biases. */
    void put(int t, int begin, int end, float[] sums, int from) {
        int to = at + t * stride;
        for (int row = begin; row < end; row++) {
            float sum = sums[from + row - begin];
            Projection.put(y, to + row, bias == null ? sum : sum + bias[row], accumulate);
        }
    }
}
