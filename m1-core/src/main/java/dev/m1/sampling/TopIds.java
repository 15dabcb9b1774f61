package dev.m1.sampling;

/** The largest few of many, by insertion: the list is so short that almost every element fails one comparison. */
public final class TopIds {
    private TopIds() {}

    /**
     * Finds the indices of the {@code k} largest of {@code x[from … from + n - 1]}, relative to {@code from}, largest
     * first, the lower index first among equals.
     *
     * @param ids where they go, {@code [>= k]}
     */
    public static void select(float[] x, int from, int n, int k, int[] ids) {
        int count = 0;
        for (int i = 0; i < n; i++) {
            float value = x[from + i];
            if (count == k && value <= x[from + ids[k - 1]]) {
                continue;
            }
            int place = count < k ? count++ : k - 1;
            while (place > 0 && value > x[from + ids[place - 1]]) {
                ids[place] = ids[place - 1];
                place--;
            }
            ids[place] = i;
        }
    }
}
