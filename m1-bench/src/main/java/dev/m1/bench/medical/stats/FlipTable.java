package dev.m1.bench.medical.stats;

/**
 * The same questions under two settings.
 *
 * @param bothRight right in both
 * @param rightToWrong right before, wrong after
 * @param wrongToRight wrong before, right after
 * @param bothWrong wrong in both
 */
public record FlipTable(int bothRight, int rightToWrong, int wrongToRight, int bothWrong) {
    public FlipTable {
        if (bothRight < 0 || rightToWrong < 0 || wrongToRight < 0 || bothWrong < 0) {
            throw new IllegalArgumentException("negative count in " + bothRight + ", " + rightToWrong + ", "
                    + wrongToRight + ", " + bothWrong);
        }
    }

    /** Counts question by question; both arrays are in the same order. */
    public static FlipTable of(boolean[] before, boolean[] after) {
        if (before.length != after.length) {
            throw new IllegalArgumentException(
                    "paired runs of " + before.length + " and " + after.length + " questions");
        }
        int[] counts = new int[4];
        for (int i = 0; i < before.length; i++) {
            counts[(before[i] ? 0 : 2) + (after[i] ? 0 : 1)]++;
        }
        return new FlipTable(counts[0], counts[1], counts[2], counts[3]);
    }

    /** Number of questions. */
    public int n() {
        return bothRight + rightToWrong + wrongToRight + bothWrong;
    }

    /** Change of accuracy from before to after; 0 without questions. */
    public double difference() {
        return n() == 0 ? 0 : (double) (wrongToRight - rightToWrong) / n();
    }
}
