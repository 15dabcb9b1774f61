package dev.m1.examples.cli;

import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Makes a wrong argument of a person a usage error, in the words of the command line. */
final class Usages {
    private Usages() {}

    /** The value, or what is wrong with the arguments it was to be made from, as status {@code 2}. */
    static <T> T check(CommandSpec spec, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), withOptionNames(spec, e.getMessage()), e);
        }
    }

    /** A message that begins with a name of the Java API, such as {@code topP}, begins with the option's instead. */
    static String withOptionNames(CommandSpec spec, String message) {
        String[] words = message.split(" ", 2);
        String name = words[0].equals("contextTokens") ? "--context" : "--" + dashed(words[0]);
        OptionSpec option = spec.findOption(name);
        return option == null || words.length == 1 ? message : name + " " + words[1];
    }

    /** {@code maxAnswerTokens} as {@code max-answer-tokens}. */
    private static String dashed(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
