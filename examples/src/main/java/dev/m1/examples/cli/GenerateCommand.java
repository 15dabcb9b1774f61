package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.Usage;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 generate}: plain continuation of ids or text, without thinking or chat template. */
@Command(name = "generate", description = "Continue token ids or a text; greedy unless a temperature is given.")
final class GenerateCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelArguments model;

    @Mixin
    private SamplingArguments sampling;

    @ArgGroup(multiplicity = "1")
    private Prompt prompt;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Most tokens to generate. Default: ${DEFAULT-VALUE}.")
    private int maxNewTokens;

    @Option(names = "--ignore-eos", description = "Go on after the checkpoint's end-of-text ids.")
    private boolean ignoreEos;

    @Option(names = "--json", description = "Print {\"ids\":[...],\"text\":\"...\",\"finishReason\":\"...\"}.")
    private boolean json;

    /** One of them. */
    private static final class Prompt {
        @Option(names = "--ids", paramLabel = "1,2,3", description = "Token ids to continue.")
        private String ids;

        @Option(
                names = "--prompt",
                paramLabel = "TEXT",
                description = "Text to continue, encoded as the tokenizer does by itself.")
        private String text;
    }

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        int[] given = prompt.ids == null ? null : Usages.check(spec, () -> TokenIds.parse(prompt.ids));
        GenerationOptions options =
                Usages.check(spec, () -> new GenerationOptions(maxNewTokens, sampling.sampling(spec), ignoreEos));
        try (LanguageModel opened = model.open(spec)) {
            int[] ids = given != null ? given : opened.tokenizer().encode(prompt.text, true);
            Generation generation = opened.generate(ids, options);
            print(generation);
        }
        return CommandLineInterface.DONE;
    }

    private void print(Generation g) {
        if (json) {
            ObjectNode object = Json.object();
            object.set("ids", Json.ids(g.tokenIds()));
            object.put("text", g.text()).put("finishReason", g.finishReason().wireName());
            console.result(Json.line(object));
            return;
        }
        console.result(g.text().isEmpty() ? TokenIds.format(g.tokenIds()) : g.text());
        Usage u = g.usage();
        console.err()
                .println(String.format(
                        Locale.ROOT,
                        "%d tokens (%s), prompt %d; first token after %.2f s, %.1f tokens/s",
                        u.answerTokens(),
                        g.finishReason().wireName(),
                        u.promptTokens(),
                        u.timeToFirstToken().toNanos() / 1e9,
                        u.tokensPerSecond()));
    }
}
