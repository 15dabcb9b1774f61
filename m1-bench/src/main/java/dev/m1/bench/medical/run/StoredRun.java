package dev.m1.bench.medical.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.BudgetGrid;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.JsonLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * A run as its file holds it.
 *
 * @param name of the folder
 * @param settings everything that decides a result
 * @param sessions when and on what it ran; one for each start
 * @param results in the order of the sources, then of the file of questions
 */
public record StoredRun(String name, JsonNode settings, List<JsonNode> sessions, List<QuestionResult> results) {
    public StoredRun {
        sessions = List.copyOf(sessions);
        results = List.copyOf(results);
    }

    /**
     * Reads a run's folder; also while it is still running.
     *
     * @throws DataException if there is none, or a line before the last cannot be read
     */
    public static StoredRun read(Path directory) throws IOException {
        Path file = directory.resolve(RunFile.NAME);
        JsonNode[] settings = {null};
        List<JsonNode> sessions = new ArrayList<>();
        Map<String, QuestionResult> results = new LinkedHashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            RunLines.read(file, in, (number, line) -> {
                if (number == 1) {
                    settings[0] = line.path(RunFile.HEADER);
                } else if (line.has(RunFile.SESSION)) {
                    sessions.add(line.get(RunFile.SESSION));
                } else {
                    QuestionResult result = ResultCodec.read(line);
                    if (results.put(result.item().id(), result) != null) {
                        throw new IllegalArgumentException("question " + result.item().id() + " for the second time");
                    }
                }
            });
        } catch (NoSuchFileException e) {
            throw new DataException("no run in " + directory + ": " + RunFile.NAME + " is missing", e);
        }
        if (settings[0] == null || !settings[0].isObject()) {
            throw new DataException(file + ", line 1: not the settings of a run");
        }
        Path folder = directory.toAbsolutePath().normalize().getFileName();
        String name = folder == null ? directory.toString() : folder.toString();
        return new StoredRun(name, settings[0], sessions, ordered(settings[0], List.copyOf(results.values())));
    }

    private static List<QuestionResult> ordered(JsonNode settings, List<QuestionResult> results) {
        Map<String, Integer> rank = new HashMap<>();
        settings.path("questions").path("asked").fieldNames().forEachRemaining(s -> rank.put(s, rank.size()));
        return results.stream()
                .sorted(Comparator.<QuestionResult>comparingInt(
                                r -> rank.getOrDefault(r.item().source(), Integer.MAX_VALUE))
                        .thenComparing(r -> r.item().source())
                        .thenComparingInt(r -> r.item().index()))
                .toList();
    }

    /**
     * The cells of every question.
     *
     * @throws DataException if the settings name none
     */
    public BudgetGrid grid() {
        JsonNode decoding = settings.path("decoding");
        try {
            return new BudgetGrid(numbers(decoding.path("budgets")), numbers(decoding.path("waits")));
        } catch (IllegalArgumentException e) {
            throw new DataException(name + ": " + e.getMessage(), e);
        }
    }

    private static List<Integer> numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asInt).toList();
    }

    /** Questions the run is to ask, those included that are not asked yet. */
    public int questions() {
        return StreamSupport.stream(settings.path("questions").path("asked").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .sum();
    }

    /** True if every question was asked. */
    public boolean isComplete() {
        return results.size() == questions();
    }

    /** The settings as text, with line breaks. */
    public String settingsText() {
        try {
            return JsonLines.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(settings);
        } catch (IOException e) {
            throw new IllegalStateException(e); // a tree of plain values can always be written
        }
    }
}
