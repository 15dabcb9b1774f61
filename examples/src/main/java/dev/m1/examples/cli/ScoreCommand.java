package dev.m1.examples.cli;

import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.M1Rule;
import dev.m1.bench.medical.M1Score;
import dev.m1.bench.medical.ScoreFile;
import dev.m1.bench.medical.ScorerAgreement;
import dev.m1.bench.medical.StrictScore;
import dev.m1.bench.medical.stats.Agreement;
import dev.m1.bench.medical.stats.Interval;
import dev.m1.bench.medical.stats.Wilson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code m1 score}: scores recorded answers as the paper does, and strictly. */
@Command(
        name = "score",
        description = "Score recorded answers, one {text, options, answer_idx, answer} a line, with both scorers.")
final class ScoreCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            required = true,
            description = "JSON Lines in UTF-8, or the same gzipped (.gz).")
    private Path file;

    @Option(
            names = "--json",
            description = "Print a line for each answer:"
                    + " {\"m1\":{\"extracted\",\"rule\",\"letter\",\"correct\"},"
                    + "\"strict\":{\"letter\",\"correct\",\"parsed\"}}.")
    private boolean json;

    ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new DataException("no file " + file);
        }
        if (json) {
            ScoreFile.score(file, console.out());
            console.flush();
            return CommandLineInterface.DONE;
        }
        List<M1Score> m1 = new ArrayList<>();
        List<StrictScore> strict = new ArrayList<>();
        ScoreFile.read(file, (lenient, exact) -> {
            m1.add(lenient);
            strict.add(exact);
        });
        console.result(m1.size() + " answers");
        if (!m1.isEmpty()) {
            print(m1, strict);
        }
        return CommandLineInterface.DONE;
    }

    private void print(List<M1Score> m1, List<StrictScore> strict) {
        Agreement agreement = ScorerAgreement.of(m1, strict);
        int n = m1.size();
        int right = agreement.verdicts().bothRight() + agreement.verdicts().rightToWrong();
        int strictRight = agreement.verdicts().bothRight() + agreement.verdicts().wrongToRight();
        Map<M1Rule, Integer> rules = new EnumMap<>(M1Rule.class);
        m1.forEach(score -> rules.merge(score.rule(), 1, Integer::sum));
        console.result("m1 scorer:     " + accuracy(right, n));
        console.result("strict scorer: " + accuracy(strictRight, n) + "; " + agreement.unparsed() + " parse failures ("
                + percent(agreement.parseFailureRate()) + ")");
        console.result("agreement:     same verdict " + percent(agreement.observed()) + ", same option "
                + percent(agreement.letterAgreement()) + ", Cohen's kappa "
                + (Double.isNaN(agreement.kappa()) ? "-" : String.format(Locale.ROOT, "%.3f", agreement.kappa()))
                + "; right for m1 only " + agreement.verdicts().rightToWrong() + ", for strict only "
                + agreement.verdicts().wrongToRight());
        console.result("m1 rules:      "
                + rules.entrySet().stream()
                        .map(rule -> rule.getKey().name().toLowerCase(Locale.ROOT) + " " + rule.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private static String accuracy(int right, int n) {
        Interval interval = Wilson.interval(right, n);
        return right + " right, " + percent((double) right / n) + " (95 %: " + percent(interval.low()) + " to "
                + percent(interval.high()) + ")";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
