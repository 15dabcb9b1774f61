package dev.m1.bench.peers;

import dev.m1.bench.runner.BenchmarkRun;
import dev.m1.bench.runner.BenchmarkSet;
import dev.m1.bench.runner.Commands;
import dev.m1.bench.runner.Machine;
import dev.m1.bench.runner.ResultsFile;
import dev.m1.bench.runner.RunSettings;
import dev.m1.bench.runner.Spread;
import dev.m1.spi.WeightType;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Compares engines and writes the results; {@code m1-bench/peers/run.sh} prepares the engines and calls it. */
@Command(name = "PeerComparison", mixinStandardHelpOptions = true, description = "Compares engines.")
public final class PeerComparison implements Callable<Integer> {
    @Option(names = "--engines", required = true, description = "File with the engines; the first is m1.")
    private Path engines;

    @Option(names = "--model", required = true, description = "Checkpoint folder.")
    private Path model;

    @Option(names = "--prompt", required = true, description = "Tokens of a prompt; the first is what all engines get.")
    private List<Integer> prompts;

    @Option(names = "--new", required = true, description = "Tokens to generate.")
    private int newTokens;

    @Option(names = "--threads", required = true, description = "Compute threads, which the commands have already.")
    private int threads;

    @Option(names = "--warmup", required = true, description = "Repetitions before the first round.")
    private int warmup;

    @Option(names = "--rounds", required = true, description = "Rounds; in each of them every engine has its turn.")
    private int rounds;

    @Option(names = "--work", required = true, description = "Folder for prompts and logs.")
    private Path work;

    @Option(
            names = "--results",
            required = true,
            description = "Write DIR/<device>/peers-<date>-<commit>-<model>.json.")
    private Path results;

    @Option(names = "--commit", description = "What is measured; asked of git, where the results go, if not given.")
    private String commit;

    @Option(names = "--device", description = "Name of this machine; from its CPU if not given.")
    private String device;

    @Option(names = "--absent", description = "An engine that is not there, and why.")
    private List<String> absent = new ArrayList<>();

    @Option(names = "--no-bandwidth", description = "Do not measure the read bandwidth first.")
    private boolean noBandwidth;

    private PeerComparison() {}

    /** Exits with status 0, 1 if it failed, or 2 if the arguments are wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new PeerComparison()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.here("");
        PeerResults.Settings settings = new PeerResults.Settings(
                model.getFileName().toString(), prompts, newTokens, threads, warmup, rounds);
        PeerRounds run = new PeerRounds(settings, work, Tokenizer.load(model), System.err);
        Spread bandwidth = noBandwidth ? null : readBandwidth();
        List<PeerResults.Engine> measured = run.run(PeerEngines.read(engines));
        absent.addAll(run.absent());
        PeerResults all = new PeerResults(
                PeerResults.SCHEMA,
                LocalDate.now().toString(),
                commit != null ? commit : Commands.commit(results),
                device != null ? device : machine.slug(),
                machine,
                settings,
                bandwidth,
                measured,
                absent);
        Path file = write(all);
        System.out.println(PeerTable.of(all));
        System.err.println("peers: " + file);
        return measured.isEmpty() ? 1 : 0;
    }

    private static Spread readBandwidth() {
        System.err.println("peers: read bandwidth");
        RunSettings settings = new RunSettings(
                List.of(BenchmarkSet.DEFAULT), "ReadBandwidth", "", "cpu", WeightType.STORED, 0, false);
        return BenchmarkRun.run(settings, System.err).get(0).rates().get("gigabytes");
    }

    /** Never over another run's file: a second one of the day, commit and model gets a number. */
    private Path write(PeerResults all) throws IOException {
        Path folder = results.resolve(all.device());
        String name = "peers-" + all.date() + "-" + all.commit() + "-" + all.settings().model();
        Path file = folder.resolve(name + ".json");
        for (int i = 2; Files.exists(file); i++) {
            file = folder.resolve(name + "-" + i + ".json");
        }
        ResultsFile.writeJson(file, all);
        return file;
    }
}
