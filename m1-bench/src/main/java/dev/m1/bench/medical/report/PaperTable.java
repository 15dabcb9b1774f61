package dev.m1.bench.medical.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The accuracies of the m1 paper, in percent, and which of its sets a run has asked in full.
 *
 * @see <a href="https://arxiv.org/abs/2504.00869">arXiv 2504.00869, table 1</a>
 */
final class PaperTable {
    /**
     * A set of the paper.
     *
     * @param name in the paper's table
     * @param key beginning of the name in m1's data file, letters and digits only
     * @param n questions
     */
    record Source(String name, String key, int n) {}

    /**
     * A row of its table.
     *
     * @param model name
     * @param accuracies in percent, in the order of {@link #SOURCES}
     */
    record Row(String model, List<Double> accuracies) {}

    static final List<Source> SOURCES = List.of(
            new Source("MedMCQA", "medmcqa", 4183),
            new Source("MedQA", "medqa", 1273),
            new Source("PubMedQA", "pubmedqa", 1000),
            new Source("MMLU-Pro", "mmlupro", 1535),
            new Source("GPQA", "gpqa", 390),
            new Source("Lancet", "lancet", 412),
            new Source("MedB-4", "medbulletsop4", 308),
            new Source("MedB-5", "medbulletsop5", 308),
            new Source("MedXpert", "medxpertqa", 1449),
            new Source("NEJM", "nejm", 603));

    static final List<Row> ROWS = List.of(
            row("Qwen2.5-7B-Instruct", 56.56, 61.51, 71.30, 61.17, 42.56, 61.17, 46.75, 40.58, 12.15, 59.04),
            row("m1-7B-1K", 58.26, 71.01, 77.50, 65.15, 51.79, 64.32, 58.77, 51.95, 16.29, 62.52),
            row("m1-7B-23K", 62.54, 75.81, 75.80, 65.86, 53.08, 62.62, 63.64, 59.74, 19.81, 64.34),
            row("m1-32B-1K", 67.34, 83.50, 77.60, 76.94, 66.67, 70.15, 73.70, 67.86, 25.53, 73.13));

    private PaperTable() {}

    private static Row row(String model, Double... accuracies) {
        return new Row(model, List.of(accuracies));
    }

    /** The paper's sets, by place, that a run has asked in full, with the run's name for each. */
    static Map<Integer, String> matches(Map<String, Integer> questions) {
        Map<Integer, String> matches = new LinkedHashMap<>();
        for (int i = 0; i < SOURCES.size(); i++) {
            Source source = SOURCES.get(i);
            for (Map.Entry<String, Integer> own : questions.entrySet()) {
                String key = own.getKey().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
                if (key.startsWith(source.key) && own.getValue() == source.n) {
                    matches.putIfAbsent(i, own.getKey());
                }
            }
        }
        return matches;
    }

    /** Unweighted mean of a row over some of the sets, in percent. */
    static double mean(Row row, List<Integer> places) {
        List<Double> values = new ArrayList<>();
        places.forEach(place -> values.add(row.accuracies.get(place)));
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
