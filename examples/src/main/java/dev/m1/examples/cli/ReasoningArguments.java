package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.ReasoningRequest;
import dev.m1.examples.demo.DemoFiles;
import dev.m1.examples.demo.Exam;
import dev.m1.examples.demo.ExamQuestion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * What the commands that reason have in common: a model, a question, how tokens are picked, and JSON. Without a model
 * the demonstration's checkpoint answers; without a question, too, it is asked one of its exam.
 */
final class ReasoningArguments {
    private static final int NO_NUMBER = Integer.MIN_VALUE;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private ModelArguments model;

    @Mixin
    private SamplingArguments sampling;

    @Mixin
    private QuestionArguments question;

    @Option(names = "--json", description = "Print one JSON object on standard output, at the end.")
    private boolean json;

    private Path directory;
    private ExamQuestion examQuestion;

    boolean json() {
        return json;
    }

    ModelArguments model() {
        return model;
    }

    QuestionArguments question() {
        return question;
    }

    /** The question of the exam that is asked; empty if another is. */
    Optional<ExamQuestion> examQuestion() {
        return Optional.ofNullable(examQuestion);
    }

    /**
     * Finds out what is asked of which model; bad arguments are a usage error of the command.
     *
     * @param temperature where none, or 0, is given
     */
    ReasoningRequest.Builder request(Console console, Optional<DemoFiles> demo, double temperature) throws IOException {
        directory = model.directory() != null ? model.directory() : demo(demo).checkpoint();
        boolean ownModel = model.directory() != null;
        boolean asked = ownModel || question.given();
        int number = question.examNumber(spec).orElse(asked ? NO_NUMBER : DemoFiles.FIRST_QUESTION);
        if (number != NO_NUMBER) {
            Exam exam = Exam.load(demo(demo).exam());
            if (number < 1 || number > exam.size()) {
                throw new ParameterException(
                        spec.commandLine(), "--exam must be in [1, " + exam.size() + "], got " + number);
            }
            examQuestion = exam.questions().get(number - 1);
        }
        String text = examQuestion != null ? examQuestion.prompt() : question.text(spec, console);
        ReasoningRequest.Builder builder = question.request(spec, text).sampling(sampling.sampling(spec, temperature));
        introduce(console, ownModel, number, text);
        return builder;
    }

    /** Says what a person who named no model or question gets. */
    private void introduce(Console console, boolean ownModel, int number, String text) {
        if (!ownModel) {
            console.err().println(directory.getFileName() + " answers (no --model was given). It knows nothing but the"
                    + " invented exam it was trained for, which is not medical knowledge.");
        }
        if (number != NO_NUMBER) {
            console.err().println("Question " + number + " of the exam:\n" + text + "\n");
        }
    }

    private DemoFiles demo(Optional<DemoFiles> demo) {
        return demo.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "Missing required option: '--model=DIR' (the demonstration's files are found by "
                        + "the launcher examples/m1 only)"));
    }

    /** Opens the model for several sequences at a time. */
    LanguageModel open(int sequences) {
        return model.open(spec, directory, ModelOptions.builder().maxSequences(sequences));
    }

    /** The beginning of every command's JSON object. */
    ObjectNode describe() {
        return Json.object().put("model", directory.toString());
    }
}
