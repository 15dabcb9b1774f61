package dev.m1;

import java.util.Arrays;
import java.util.List;

/**
 * The cells of a sweep: every budget with every number of Waits.
 *
 * @param budgets caps on thinking in tokens, ascending, each once
 * @param waits numbers of Waits, ascending, each once
 */
public record BudgetGrid(List<Integer> budgets, List<Integer> waits) {
    /**
     * @throws IllegalArgumentException if one of the axes is empty or has a negative number
     */
    public BudgetGrid {
        budgets = axis("budgets", budgets);
        waits = axis("waits", waits);
    }

    /** Every budget with every number of Waits. */
    public static BudgetGrid of(int[] budgets, int[] waits) {
        return new BudgetGrid(
                Arrays.stream(budgets).boxed().toList(), Arrays.stream(waits).boxed().toList());
    }

    /** Budgets alone, without Waits. */
    public static BudgetGrid of(int... budgets) {
        return of(budgets, new int[] {0});
    }

    /** Number of cells. */
    public int size() {
        return budgets.size() * waits.size();
    }

    /** All cells, Waits outside, budgets inside. */
    List<BudgetSweep.Cell> cells() {
        return waits.stream()
                .flatMap(w -> budgets.stream().map(b -> new BudgetSweep.Cell(b, w)))
                .toList();
    }

    /** The cell that may need most tokens. */
    BudgetSweep.Cell largest() {
        return new BudgetSweep.Cell(budgets.get(budgets.size() - 1), waits.get(waits.size() - 1));
    }

    private static List<Integer> axis(String name, List<Integer> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a grid needs " + name);
        }
        for (int value : values) {
            if (value < 0) {
                throw new IllegalArgumentException(name + " of a grid must be >= 0, got " + value);
            }
        }
        return values.stream().distinct().sorted().toList();
    }
}
