package dev.m1.examples.cli;

import dev.m1.examples.demo.DemoFiles;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts the commands together and turns what goes wrong into one line and an exit status. */
final class CommandLineInterface {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** 128 + SIGINT, as a shell reports it. */
    static final int CANCELLED = 130;
    /** 128 + SIGPIPE: whoever read the output left. Quiet, as with any other program in a pipe. */
    static final int BROKEN_PIPE = 141;

    private CommandLineInterface() {}

    /** Without the demonstration's files. */
    static int run(Console console, String... args) {
        return run(console, Optional.empty(), args);
    }

    /** With the checkpoint that answers where none is named. */
    static int run(Console console, Optional<DemoFiles> demo, String... args) {
        CommandLine commands = new CommandLine(new RootCommand())
                .addSubcommand(new AskCommand(console, demo))
                .addSubcommand(new SweepCommand(console, demo))
                .addSubcommand(new VoteCommand(console, demo))
                .addSubcommand(new EvalCommand(console))
                .addSubcommand(new ScoreCommand(console))
                .addSubcommand(new CompareCommand(console))
                .addSubcommand(new GenerateCommand(console))
                .addSubcommand(new InfoCommand(console))
                .addSubcommand(
                        new CommandLine(new BenchCommand(console)).addSubcommand(new BenchCompareCommand(console)));
        commands.setOut(new PrintWriter(console.out(), true))
                .setErr(new PrintWriter(console.err(), true))
                .setExpandAtFiles(false) // a question may begin with @
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, arguments) -> usage(console, e))
                .setExecutionExceptionHandler((e, command, parsed) -> failure(console, e, command, parsed));
        return console.statusAfterOutput(commands.execute(args));
    }

    private static int usage(Console console, ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String name = spec.qualifiedName();
        String message = oneLine(e.getMessage()).replaceFirst("^Error: ", "");
        boolean unknownCommand = e instanceof UnmatchedArgumentException
                && spec.parent() == null
                && !((UnmatchedArgumentException) e).isUnknownOption();
        if (unknownCommand) {
            String word = ((UnmatchedArgumentException) e).getUnmatched().get(0);
            message = "there is no command '" + word + "', only "
                    + String.join(", ", spec.subcommands().keySet());
        }
        console.err().println(name + ": " + message + " (see " + name + " --help)");
        return USAGE;
    }

    private static int failure(Console console, Exception e, CommandLine command, ParseResult parsed) {
        Throwable cause = e;
        while ((cause instanceof CompletionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CancellationException) {
            return CANCELLED;
        }
        if (cause instanceof OutputFailure) {
            return FAILED; // what is wrong is said at the end
        }
        if (debug(parsed)) {
            cause.printStackTrace(console.err());
        } else {
            CommandSpec spec = command.getCommandSpec();
            console.err().println(spec.qualifiedName() + ": " + Usages.withOptionNames(spec, describe(cause)));
        }
        return FAILED;
    }

    /** Messages of m1 stand for themselves; others need their type, and a way to see more. */
    private static String describe(Throwable cause) {
        boolean ours = cause.getClass().getName().startsWith("dev.m1.") || cause instanceof IllegalArgumentException;
        return ours && cause.getMessage() != null
                ? oneLine(cause.getMessage())
                : oneLine(cause.toString()) + " (--debug shows where)";
    }

    private static boolean debug(ParseResult parsed) {
        ParseResult innermost = parsed;
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        return innermost.hasMatchedOption("--debug") || parsed.hasMatchedOption("--debug");
    }

    /** Without line breaks, and without control characters that a terminal would obey. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
