package dev.m1.bench.peers;

import dev.m1.bench.peers.PeerResults.Summary;
import dev.m1.bench.runner.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the repetitions of an engine amount to, beside those of another in the same rounds. */
final class PeerSummaries {
    private PeerSummaries() {}

    /** One summary a prompt length of {@code samples}. */
    static List<Summary> of(List<PeerSample> samples, List<PeerSample> first) {
        List<Summary> all = new ArrayList<>();
        for (int prompt : samples.stream().mapToInt(PeerSample::prompt).distinct().toArray()) {
            List<PeerSample> mine = at(prompt, samples);
            List<PeerSample> theirs = at(prompt, first);
            all.add(new Summary(
                    prompt,
                    spread(mine, PeerSample::promptTokensPerSecond),
                    spread(mine, PeerSample::decodeTokensPerSecond),
                    ratios(mine, theirs, PeerSample::promptTokensPerSecond),
                    ratios(mine, theirs, PeerSample::decodeTokensPerSecond)));
        }
        return all;
    }

    private static List<PeerSample> at(int prompt, List<PeerSample> samples) {
        return samples.stream().filter(s -> s.prompt() == prompt).toList();
    }

    private static Spread spread(List<PeerSample> samples, ToDoubleFunction<PeerSample> rate) {
        return Spread.of("tok/s", samples.stream().mapToDouble(rate).toArray());
    }

    /** Round by round, so that what slows both down cancels out. */
    private static Spread ratios(List<PeerSample> mine, List<PeerSample> theirs, ToDoubleFunction<PeerSample> rate) {
        double[] ratios = mine.stream()
                .flatMapToDouble(m -> theirs.stream()
                        .filter(t -> t.round() == m.round())
                        .mapToDouble(t -> rate.applyAsDouble(m) / rate.applyAsDouble(t)))
                .toArray();
        return ratios.length == 0 ? null : Spread.of("", ratios);
    }
}
