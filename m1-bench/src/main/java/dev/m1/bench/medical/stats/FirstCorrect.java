package dev.m1.bench.medical.stats;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/**
 * At which budget questions are first answered right. The sum over all budgets is what an oracle that stops each
 * question in time would reach; the difference to the last budget's accuracy is what was right once and lost again.
 *
 * @param budgets ascending, in tokens
 * @param first questions whose smallest right budget this is; one entry a budget
 * @param never questions wrong at every budget
 * @param lost questions right at some budget and wrong at the largest
 */
public record FirstCorrect(List<Integer> budgets, List<Integer> first, int never, int lost) {
    public FirstCorrect {
        budgets = List.copyOf(budgets);
        first = List.copyOf(first);
    }

    /**
     * @param sweep budget to verdicts; all arrays in the same order of questions
     */
    public static FirstCorrect of(SortedMap<Integer, boolean[]> sweep) {
        if (sweep.isEmpty()) {
            throw new IllegalArgumentException("no budgets");
        }
        List<Integer> budgets = List.copyOf(sweep.keySet());
        List<boolean[]> verdicts = List.copyOf(sweep.values());
        int questions = verdicts.getFirst().length;
        int[] first = new int[budgets.size()];
        for (boolean[] run : verdicts) {
            if (run.length != questions) {
                throw new IllegalArgumentException("budgets with " + questions + " and " + run.length + " questions");
            }
        }
        int never = 0;
        int lost = 0;
        for (int q = 0; q < questions; q++) {
            int b = 0;
            while (b < first.length && !verdicts.get(b)[q]) {
                b++;
            }
            if (b == first.length) {
                never++;
            } else {
                first[b]++;
                lost += verdicts.getLast()[q] ? 0 : 1;
            }
        }
        return new FirstCorrect(budgets, Arrays.stream(first).boxed().toList(), never, lost);
    }
}
