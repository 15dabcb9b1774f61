package dev.m1.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.bench.runner.ResultsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running engine. It prints a line {@code {"ready": "what it runs on"}} when its model is loaded. For every line of
 * its input, which is the path of a text file, it prefills that text, generates greedily, and prints a line {@code
 * {"promptTokens", "promptSeconds", "newTokens", "decodeTokensPerSecond"}}. It ends with its input. Other lines it
 * prints are passed over.
 */
final class PeerProcess implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final long SHORTEST_IDLE = 500_000_000L; // ns; systems count a process's time in steps of 10 ms
    private static final Duration PATIENCE = Duration.ofMinutes(15); // for a model to load, or a repetition

    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final OutputStream in;
    private final String ready;
    private long turnEnded; // System.nanoTime(), or 0 before the first
    private Duration cpuAtTurnEnd = Duration.ZERO;
    private long idleNanos;
    private long idleCpuNanos;

    /**
     * Starts it and waits until it has its model.
     *
     * @param log gets what it says on its error stream
     * @throws ResultsException if it ends before
     */
    PeerProcess(PeerEngine engine, Path log) {
        name = engine.label();
        try {
            process = new ProcessBuilder(engine.command())
                    .redirectError(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new ResultsException(name + " does not start: " + e.getMessage(), e);
        }
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        in = process.getOutputStream();
        try {
            ready = answer("ready").path("ready").asText();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** What it said it runs on. */
    String ready() {
        return ready;
    }

    /**
     * One repetition.
     *
     * @param prompt tokens the text was made to have
     * @throws ResultsException if the engine ends, or says something that is no sample
     */
    PeerSample run(int round, int prompt, Path text) {
        beginTurn();
        try {
            in.write((text + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new ResultsException(name + " has ended: " + e.getMessage(), e);
        }
        JsonNode json = answer("promptTokens");
        endTurn();
        int tokens = json.path("promptTokens").asInt();
        double seconds = json.path("promptSeconds").asDouble();
        double decode = json.path("decodeTokensPerSecond").asDouble();
        if (tokens < 1 || !(seconds > 0) || !(decode > 0)) {
            throw new ResultsException(name + " printed no sample: " + json);
        }
        return new PeerSample(
                round, prompt, tokens, tokens / seconds, json.path("newTokens").asInt(), decode);
    }

    /** Share of a processor that it used between its turns since the last call of this; -1 if that is unknown. */
    double idleShare() {
        double share = idleNanos < SHORTEST_IDLE ? -1 : (double) idleCpuNanos / idleNanos;
        idleNanos = 0;
        idleCpuNanos = 0;
        return share;
    }

    private void beginTurn() {
        Optional<Duration> cpu = process.info().totalCpuDuration();
        if (turnEnded != 0 && cpu.isPresent()) {
            idleNanos += System.nanoTime() - turnEnded;
            idleCpuNanos += cpu.get().minus(cpuAtTurnEnd).toNanos();
        }
    }

    private void endTurn() {
        process.info().totalCpuDuration().ifPresent(cpu -> {
            cpuAtTurnEnd = cpu;
            turnEnded = System.nanoTime();
        });
    }

    /** The next line with such a field. */
    private JsonNode answer(String field) {
        CompletableFuture<JsonNode> line = CompletableFuture.supplyAsync(() -> next(field));
        try {
            return line.get(PATIENCE.toMinutes(), TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ResultsException r ? r : new ResultsException(name + " failed", e.getCause());
        } catch (TimeoutException e) {
            throw new ResultsException(name + " said nothing for " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResultsException("interrupted while " + name + " ran", e);
        }
    }

    private JsonNode next(String field) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("{")) { // some engines print a banner as well
                    JsonNode json = MAPPER.readTree(line);
                    if (json.has(field)) {
                        return json;
                    }
                    throw new ResultsException(name + " printed no " + field + ": " + line);
                }
            }
        } catch (JsonProcessingException e) {
            throw new ResultsException(name + " printed no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ResultsException(name + " cannot be read: " + e.getMessage(), e);
        }
        throw new ResultsException(name + " ended without a word");
    }

    /** Lets it end, or ends it. */
    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            process.destroy(); // it has ended already, or cannot be told to
        }
        boolean ended = false;
        try {
            ended = process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
        }
    }
}
