package dev.m1.bench.medical.run;

import dev.m1.BudgetGrid;
import dev.m1.bench.medical.MedicalPrompt;
import dev.m1.spi.WeightType;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingProtocol;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run is asked to do.
 *
 * @param model checkpoint directory
 * @param data file of questions
 * @param out folder of the run; made if it is missing
 * @param grid budgets and Waits; all of them in one pass a question
 * @param prompt how a question becomes the user's turn
 * @param system system message; empty = what the chat template puts in
 * @param protocol how thinking is framed; empty = as detected from the checkpoint
 * @param waitText what a Wait appends
 * @param maxAnswerTokens cap on an answer
 * @param selection which questions
 * @param concurrency questions at a time
 * @param backend {@code auto}, {@code cpu} or {@code cuda}
 * @param threads compute threads; 0 = all processors
 * @param contextTokens longest sequence; 0 = what the longest question needs, at most what the checkpoint supports
 * @param weights how the model's matrices are held
 */
public record EvalOptions(
        Path model,
        Path data,
        Path out,
        BudgetGrid grid,
        MedicalPrompt prompt,
        Optional<String> system,
        Optional<ThinkingProtocol> protocol,
        String waitText,
        int maxAnswerTokens,
        QuestionSelection selection,
        int concurrency,
        String backend,
        int threads,
        int contextTokens,
        WeightType weights) {
    /** Questions at a time if not said otherwise. */
    public static final int DEFAULT_CONCURRENCY = 8;

    public EvalOptions {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(out, "out");
        Objects.requireNonNull(grid, "grid");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(weights, "weights");
        new ThinkingBudget(0, 0, waitText); // refuses an empty text
        atLeast("maxAnswerTokens", maxAnswerTokens, 1);
        atLeast("concurrency", concurrency, 1);
        atLeast("threads", threads, 0);
        atLeast("contextTokens", contextTokens, 0);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ", got " + value);
        }
    }

    public static Builder builder(Path model, Path data, Path out) {
        return new Builder(model, data, out);
    }

    /** Collects options; values are checked by {@link #build}. */
    public static final class Builder {
        private final Path model;
        private final Path data;
        private final Path out;
        private BudgetGrid grid = BudgetGrid.of(ThinkingBudget.DEFAULT_TOKENS);
        private MedicalPrompt prompt = MedicalPrompt.M1;
        private Optional<String> system = Optional.empty();
        private Optional<ThinkingProtocol> protocol = Optional.empty();
        private String waitText = "Wait";
        private int maxAnswerTokens = 1024;
        private QuestionSelection selection = QuestionSelection.ALL;
        private int concurrency = DEFAULT_CONCURRENCY;
        private String backend = "auto";
        private int threads;
        private int contextTokens;
        private WeightType weights = WeightType.STORED;

        private Builder(Path model, Path data, Path out) {
            this.model = model;
            this.data = data;
            this.out = out;
        }

        public Builder grid(BudgetGrid value) {
            grid = value;
            return this;
        }

        public Builder prompt(MedicalPrompt value) {
            prompt = value;
            return this;
        }

        public Builder system(String value) {
            system = Optional.ofNullable(value);
            return this;
        }

        public Builder protocol(ThinkingProtocol value) {
            protocol = Optional.ofNullable(value);
            return this;
        }

        public Builder waitText(String value) {
            waitText = value;
            return this;
        }

        public Builder maxAnswerTokens(int value) {
            maxAnswerTokens = value;
            return this;
        }

        public Builder selection(QuestionSelection value) {
            selection = value;
            return this;
        }

        public Builder concurrency(int value) {
            concurrency = value;
            return this;
        }

        public Builder backend(String value) {
            backend = value;
            return this;
        }

        public Builder threads(int value) {
            threads = value;
            return this;
        }

        public Builder contextTokens(int value) {
            contextTokens = value;
            return this;
        }

        public Builder weights(WeightType value) {
            weights = value;
            return this;
        }

        /**
         * @throws IllegalArgumentException naming the option, its bound and its value
         */
        public EvalOptions build() {
            return new EvalOptions(
                    model,
                    data,
                    out,
                    grid,
                    prompt,
                    system,
                    protocol,
                    waitText,
                    maxAnswerTokens,
                    selection,
                    concurrency,
                    backend,
                    threads,
                    contextTokens,
                    weights);
        }
    }
}
