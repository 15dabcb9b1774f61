package dev.m1.bench.peers;

import dev.m1.bench.runner.ResultsException;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Starts every engine, warms each up, and gives them turns, one repetition of one prompt at a time. Their processes
 * stay, so warming up is paid once; every repetition of an engine has another prompt, so nothing can be reused.
 */
final class PeerRounds {
    /** Share of a processor above which a process that waits is not idle. */
    static final double IDLE_LIMIT = 0.05;

    private final PeerResults.Settings settings;
    private final Path work;
    private final PrintStream progress;
    private final Map<Integer, String> prompts = new TreeMap<>(); // by length
    private final List<String> absent = new ArrayList<>();

    /** An engine at work. */
    private static final class Turn {
        final PeerEngine engine;
        final PeerProcess process;
        final List<PeerSample> warmup = new ArrayList<>();
        final List<PeerSample> samples = new ArrayList<>();
        int repetition;

        Turn(PeerEngine engine, PeerProcess process) {
            this.engine = engine;
            this.process = process;
        }
    }

    /**
     * @param work folder for prompts and logs
     * @param tokenizer the model's, which counts the prompts' tokens
     */
    PeerRounds(PeerResults.Settings settings, Path work, Tokenizer tokenizer, PrintStream progress) {
        this.settings = settings;
        this.work = work;
        this.progress = progress;
        settings.prompts().forEach(length -> prompts.put(length, PeerPrompt.of(tokenizer, length)));
    }

    /** Engines that failed on the way, and why; after {@link #run}. */
    List<String> absent() {
        return absent;
    }

    /** Runs them all; engines that fail are left out. */
    List<PeerResults.Engine> run(List<PeerEngine> engines) throws IOException {
        List<Turn> turns = new ArrayList<>();
        try {
            for (PeerEngine engine : engines) {
                start(engine, turns);
            }
            turns.forEach(turn -> turn.process.idleShare()); // compiling may have gone on; from here on it counts
            for (int round = 1; round <= settings.rounds(); round++) {
                for (int prompt : settings.prompts()) {
                    for (Turn turn : List.copyOf(turns)) {
                        if (turn.engine.everyPrompt() || prompt == settings.prompts().get(0)) {
                            repeat(turn, round, prompt, turn.samples, turns);
                        }
                    }
                }
            }
        } finally {
            turns.forEach(turn -> turn.process.close());
        }
        boolean related = !turns.isEmpty() && turns.get(0).engine == engines.get(0); // it did not fail
        List<PeerSample> first = related ? turns.get(0).samples : List.of();
        List<PeerResults.Engine> all = new ArrayList<>();
        for (Turn t : turns) {
            PeerEngine e = t.engine;
            all.add(new PeerResults.Engine(
                    e.name(),
                    e.version(),
                    e.weights(),
                    t.process.ready(),
                    t.process.idleShare(),
                    t.warmup,
                    t.samples,
                    PeerSummaries.of(t.samples, first)));
        }
        return all;
    }

    private void start(PeerEngine engine, List<Turn> turns) throws IOException {
        progress.println("peers: " + engine.label() + ", warming up");
        Turn turn;
        try {
            Path log = work.resolve(engine.label().replaceAll("[^A-Za-z0-9._-]+", "-") + ".log");
            turn = new Turn(engine, new PeerProcess(engine, log));
        } catch (ResultsException e) {
            leaveOut(engine, e);
            return;
        }
        turns.add(turn);
        for (int i = 0; i < settings.warmup() && turns.contains(turn); i++) {
            repeat(turn, 0, settings.prompts().get(0), turn.warmup, turns);
        }
    }

    private void repeat(Turn turn, int round, int prompt, List<PeerSample> into, List<Turn> turns) throws IOException {
        Path text = work.resolve("prompt.txt");
        String rotated = PeerPrompt.rotated(prompts.get(prompt), turn.repetition++);
        Files.writeString(text, rotated, StandardCharsets.UTF_8);
        try {
            PeerSample s = turn.process.run(round, prompt, text);
            into.add(s);
            progress.printf(
                    "peers: round %d, %s: prompt of %d: %.1f tok/s, then %.1f tok/s%n",
                    round, turn.engine.label(), prompt, s.promptTokensPerSecond(), s.decodeTokensPerSecond());
        } catch (ResultsException e) {
            turns.remove(turn);
            turn.process.close();
            leaveOut(turn.engine, e);
        }
    }

    private void leaveOut(PeerEngine engine, ResultsException e) {
        absent.add(engine.label() + ": " + e.getMessage());
        progress.println("peers: " + e.getMessage() + "; see " + work);
    }
}
