package dev.m1.bench.medical.report;

import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.JsonLines;
import dev.m1.bench.medical.Utf16;
import dev.m1.bench.medical.run.StoredRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes what a run says beside its file: {@code report.html}, {@code report.json} and three tables as CSV. */
public final class Report {
    /** The page for people. */
    public static final String HTML = "report.html";

    /** The same numbers for programs. */
    public static final String JSON = "report.json";

    private Report() {}

    /**
     * Scores a run and writes its report into its folder.
     *
     * @param cases most questions that are shown with their texts; 0 for a page that holds no text of the questions
     * @return the numbers
     * @throws DataException if there is no run in the folder, or nothing in it yet
     */
    public static RunStatistics write(Path directory, int cases) throws IOException {
        StoredRun run = StoredRun.read(directory);
        if (run.results().isEmpty()) {
            throw new DataException("the run in " + directory + " holds no answered question yet");
        }
        RunStatistics statistics = RunStatistics.of(ScoredRun.of(run));
        replace(directory.resolve(HTML), ReportPage.of(statistics, cases));
        replace(
                directory.resolve(JSON),
                JsonLines.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(ReportJson.of(statistics)) + "\n");
        CsvFiles.write(statistics, directory);
        return statistics;
    }

    /** Whoever has the old page open, or comes in between, sees a whole one. */
    private static void replace(Path file, String content) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(half, Utf16.wellFormed(content).getBytes(StandardCharsets.UTF_8));
        Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
