package dev.m1.examples;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import java.nio.file.Path;

/** The answers at many budgets from one pass. Arguments: checkpoint directory, question. */
public final class SweepBudgets {
    private SweepBudgets() {}

    public static void main(String[] args) {
        // A sequence for each budget whose answer is under way.
        ModelOptions options = ModelOptions.builder().maxSequences(8).build();
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]), options)) {
            BudgetSweep sweep = sweep(model, args[1]);
            for (int budget : sweep.grid().budgets()) {
                System.out.println(budget + ": " + sweep.result(budget, 0).answer().strip());
            }
            System.out.printf("%.1f times fewer tokens than separate runs%n", sweep.ledger().saving());
        }
    }

    static BudgetSweep sweep(LanguageModel model, String question) {
        ReasoningRequest request =
                ReasoningRequest.builder().user(question).maxAnswerTokens(64).build();
        return Reasoner.of(model).sweep(request, BudgetGrid.of(0, 32, 64, 128, 256));
    }
}
