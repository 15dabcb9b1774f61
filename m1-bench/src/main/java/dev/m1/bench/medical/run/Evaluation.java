package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.MedicalData;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.errors.CapacityException;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.thinking.ThinkingBudget;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Asks a model every question of a set over a whole grid of budgets and Waits, one pass a question and several
 * questions at a time, into a folder that a later start goes on in. Decoding is greedy: sampling defaults of the
 * checkpoint do not apply.
 */
public final class Evaluation {
    private final EvalOptions options;
    private final EvaluationListener listener;

    private Evaluation(EvalOptions options, EvaluationListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /**
     * Runs until every question has been asked. Interrupting the caller ends it; what is done is kept.
     *
     * @throws dev.m1.bench.medical.DataException if the data cannot be used, or the folder holds a run with other
     *     settings
     * @throws dev.m1.errors.M1Exception if the model cannot be opened or fails for another reason than a question
     */
    public static void run(EvalOptions options, EvaluationListener listener) throws IOException, InterruptedException {
        new Evaluation(options, listener).run();
    }

    private void run() throws IOException, InterruptedException {
        MedicalData data = MedicalData.load(options.data());
        listener.note(data.report().summary());
        data.report().examples().forEach(listener::note);
        List<MedicalItem> asked = options.selection().of(data);
        ModelPlan plan = ModelPlan.of(options, asked.stream().map(this::request).toList());
        plan.shortage().ifPresent(listener::note);
        Fingerprint checkpoint = Fingerprint.ofCheckpoint(options.model());
        try (LanguageModel model = LanguageModel.open(options.model(), plan.options())) {
            Reasoner.Builder builder = Reasoner.builder(model);
            options.protocol().ifPresent(builder::protocol);
            Reasoner reasoner = builder.build();
            ObjectNode settings = RunSettings.of(options, data, asked, model, reasoner.protocol(), checkpoint);
            try (RunFile file = RunFile.open(options.out(), settings)) {
                if (file.repairedBytes() > 0) {
                    listener.note("the last line was not finished (" + file.repairedBytes() + " bytes); its question"
                            + " will be asked again");
                }
                ask(reasoner, model, file, asked);
            }
        }
    }

    private void ask(Reasoner reasoner, LanguageModel model, RunFile file, List<MedicalItem> asked)
            throws IOException, InterruptedException {
        List<MedicalItem> left =
                asked.stream().filter(item -> !file.done().contains(item.id())).toList();
        int before = asked.size() - left.size();
        if (left.isEmpty()) {
            listener.note("all " + asked.size() + " questions are done");
            return;
        }
        file.append(session(model));
        listener.started(asked.size(), before);
        try {
            QuestionPool.run(left, options.concurrency(), item -> ask(reasoner, item), new QuestionPool.Sink() {
                private int done = before;
                private int failed;

                @Override
                public void done(QuestionResult result) throws IOException {
                    file.append(ResultCodec.write(result));
                    failed += result.failure() == null ? 0 : 1;
                    listener.answered(++done, asked.size(), failed);
                }
            });
        } finally {
            listener.ended();
        }
    }

    /** A failure of one question is its result; anything else ends the run. */
    private QuestionResult ask(Reasoner reasoner, MedicalItem item) {
        long begun = System.nanoTime();
        try {
            BudgetSweep sweep = reasoner.sweep(request(item), options.grid());
            double seconds = Math.round((System.nanoTime() - begun) / 1e6) / 1e3;
            return QuestionResult.of(item, sweep, seconds);
        } catch (CapacityException | NonFiniteLogitsException e) {
            return QuestionResult.failed(item, e.getMessage());
        }
    }

    private ReasoningRequest request(MedicalItem item) {
        ReasoningRequest.Builder request = ReasoningRequest.builder();
        options.system().ifPresent(request::system);
        return request.user(options.prompt().render(item))
                .budget(new ThinkingBudget(0, 0, options.waitText()))
                .maxAnswerTokens(options.maxAnswerTokens())
                .build();
    }

    private ObjectNode session(LanguageModel model) {
        String version = LanguageModel.class.getPackage().getImplementationVersion();
        ObjectNode line = JsonLines.MAPPER.createObjectNode();
        line.putObject(RunFile.SESSION)
                .put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("m1", version == null ? "unpackaged" : version)
                .put("java", System.getProperty("java.vm.name") + " " + Runtime.version())
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .put("processors", Runtime.getRuntime().availableProcessors())
                .put("backendDetail", model.info().backendDetail())
                .put("concurrency", options.concurrency());
        return line;
    }
}
