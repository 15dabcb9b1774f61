package dev.m1.examples.cli;

import dev.m1.thinking.ThinkingProtocol;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What stands around a question and its answer, for the commands that ask. */
final class FramingArguments {
    @Option(names = "--system", paramLabel = "TEXT", description = "System message; the chat template's if not given.")
    private String system;

    @Option(
            names = "--max-answer-tokens",
            paramLabel = "TOKENS",
            defaultValue = "1024",
            description = "Most answer tokens. Default: ${DEFAULT-VALUE}.")
    private int maxAnswerTokens;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "M1, M1_EXACT, S1, QWEN3, DEEPSEEK_R1 or PLAIN; found out from the checkpoint if not given.")
    private String protocol;

    Optional<String> system() {
        return Optional.ofNullable(system);
    }

    int maxAnswerTokens() {
        return maxAnswerTokens;
    }

    /** The named protocol; a name that does not exist is a usage error of the command. */
    Optional<ThinkingProtocol> protocol(CommandSpec spec) {
        return Usages.check(spec, () -> Optional.ofNullable(protocol).map(ThinkingProtocol::named));
    }
}
