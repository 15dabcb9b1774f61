package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.errors.TokenizerException;
import dev.m1.sampling.Sampling;
import dev.m1.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One look at the answer: a fork with the thinking closed, read and dropped. */
final class Probe implements SequenceDriver {
    private final Probes probes;
    private final int thinkingTokens;
    private final BiConsumer<ProbePoint, Sequence> read;
    private final IntStream.Builder ids = IntStream.builder();
    private int count;
    private ProbePoint point;

    private Probe(Probes probes, int thinkingTokens, BiConsumer<ProbePoint, Sequence> read) {
        this.probes = probes;
        this.thinkingTokens = thinkingTokens;
        this.read = read;
    }

    /** What all probes of a request have in common. */
    static final class Probes {
        private final ProbeSettings settings;
        private final Tokenizer tokenizer;
        private final int vocabSize;
        private final Map<String, List<Integer>> letterIds = new LinkedHashMap<>();

        /**
         * @throws TokenizerException if a letter is not a single token, with or without a space before it
         */
        Probes(ProbeSettings settings, Tokenizer tokenizer, int vocabSize) {
            this.settings = settings;
            this.tokenizer = tokenizer;
            this.vocabSize = vocabSize;
            for (String letter : settings.letters()) {
                List<Integer> forms = new ArrayList<>();
                single(letter).ifPresent(forms::add);
                single(" " + letter).ifPresent(forms::add);
                if (forms.isEmpty()) {
                    throw new TokenizerException("probe letter '" + letter + "' is not a single token");
                }
                letterIds.put(letter, forms.stream().distinct().toList());
            }
        }

        ProbeSettings settings() {
            return settings;
        }

        /** Forks the sequence; {@code read} gets the point, or null if the probe failed, on the engine's thread. */
        Sequence start(Sequence s, int[] closing, int thinkingTokens, BiConsumer<ProbePoint, Sequence> read) {
            Sequence fork = s.fork(s.length(), Sampling.greedy(), 0, new Probe(this, thinkingTokens, read));
            fork.append(closing);
            if (!letterIds.isEmpty()) {
                fork.wantLogits(new float[vocabSize]);
            }
            return fork;
        }

        private OptionalInt single(String text) {
            int[] encoded = tokenizer.encodeLiteral(text);
            boolean single = encoded.length == 1 && encoded[0] < vocabSize;
            return single ? OptionalInt.of(encoded[0]) : OptionalInt.empty();
        }

        private Map<String, Double> probabilities(float[] logits) {
            double max = Double.NEGATIVE_INFINITY;
            for (float l : logits) {
                max = Math.max(max, l);
            }
            double sum = 0;
            for (float l : logits) {
                sum += Math.exp(l - max);
            }
            Map<String, Double> all = new LinkedHashMap<>();
            for (Map.Entry<String, List<Integer>> letter : letterIds.entrySet()) {
                double p = 0;
                for (int id : letter.getValue()) {
                    p += Math.exp(logits[id] - max) / sum;
                }
                all.put(letter.getKey(), p);
            }
            return all;
        }
    }

    @Override
    public void onLogits(Sequence s, float[] logits) {
        Map<String, Double> p = probes.probabilities(logits);
        String best = p.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        point = new ProbePoint(thinkingTokens, best, p);
        s.finish();
    }

    @Override
    public void onSampled(Sequence s, int id) {
        boolean stop = probes.tokenizer.isSpecial(id);
        if (!stop) {
            ids.add(id);
            count++;
        }
        if (stop || count == probes.settings.answerTokens()) {
            String text = probes.tokenizer.decode(ids.build().toArray(), true);
            point = new ProbePoint(thinkingTokens, text.strip(), Map.of());
            s.finish();
        } else {
            s.append(id);
        }
    }

    @Override
    public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
        read.accept(end == SequenceEnd.FINISHED ? point : null, s);
    }
}
