package dev.m1.cpu.kernels;

/** Where the results of one linear layer go; a worker's own, and set again for every layer so that nothing is made. */
final class Target {
    private float[] y; // at + t * stride + row
    private int at;
    private int stride;
    private boolean accumulate;
    private Q8Linear linear;

    /**
     * @param at where row 0 of token 0 lies
     * @param stride from one token to the next
     */
    void set(Q8Linear linear, float[] y, int at, int stride, boolean accumulate) {
        this.linear = linear;
        this.y = y;
        this.at = at;
        this.stride = stride;
        this.accumulate = accumulate;
    }

    Q8Matrix matrix() {
        return linear.matrix();
    }

    /** Stores or adds a sum, and the row's bias. */
    void put(int t, int row, float sum) {
        Projection.put(y, at + t * stride + row, sum + linear.bias(row), accumulate);
    }
}
