package dev.m1.examples.cli;

import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Makes a wrong argument of a person a usage error. */
final class Usages {
    private Usages() {}

    /** The value, or what is wrong with the arguments it was to be made from, as status {@code 2}. */
    static <T> T check(CommandSpec spec, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
