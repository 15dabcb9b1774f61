package dev.m1.cpu.kernels;

/** Where the results of one part of a projection go; a worker's own, set again for every part. */
final class PartTarget {
    private Target target;
    private float[] bias; // [outputs of the part], or null
    private int start; // output of the part's row 0

    void set(Target target, float[] bias, int start) {
        this.target = target;
        this.bias = bias;
        this.start = start;
    }

    /** Stores a row's sum with its bias. */
    void put(int t, int row, float sum) {
        target.put(t, start + row, bias == null ? sum : sum + bias[row]);
    }

    /** Stores the sums of rows {@code [begin, end)}, {@code sums[from …]}, with their biases. */
    void put(int t, int begin, int end, float[] sums, int from) {
        target.put(t, start + begin, end - begin, sums, from, bias, begin);
    }
}
