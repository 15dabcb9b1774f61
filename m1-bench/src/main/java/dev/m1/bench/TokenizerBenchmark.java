package dev.m1.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.bench.synthetic.ModelSource;
import dev.m1.bench.synthetic.SyntheticText;
import dev.m1.tokenizer.StreamDecoder;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Throughput of a tokenizer on one thread. The counter {@code megabytes} is MB of UTF-8 a second (1 MB = 1e6 bytes).
 *
 * <p>{@code -p tokenizer=DIR -p data=FILE}, or made-up text for a synthetic tokenizer.
 */
@State(Scope.Benchmark) // a tokenizer is immutable: threads would share it
@BenchmarkMode(Mode.Throughput) // texts per second; the counter turns it into MB
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2) // the compiler settles after about two passes over the data
@Measurement(iterations = 5, time = 2) // some ten thousand texts each
@Fork(2) // look-up tables are seeded anew in each JVM
public class TokenizerBenchmark {
    private static final int SYNTHETIC_TEXTS = 2000;
    private static final int SYNTHETIC_CHARS = 700; // a medical question with its options

    /** A directory with a tokenizer.json, or {@code synthetic:SHAPE}. */
    @Param("synthetic:tiny")
    public String tokenizer;

    /** A text file, questions in m1's JSON format, or nothing: made-up text. */
    @Param("")
    public String data;

    private Path directory;

    private Tokenizer loaded;
    private List<String> texts;
    private List<int[]> encoded;
    private long[] textBytes; // UTF-8 bytes of each text
    private int next;

    /** MB of text in each operation, summed. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Volume {
        public double megabytes;

        /** JMH reads the counter once an iteration. */
        @Setup(Level.Iteration)
        public void reset() {
            megabytes = 0;
        }
    }

    /** Loads everything and checks that decoding gives the texts back before anything is timed. */
    @Setup
    public void load() throws IOException {
        directory = ModelSource.resolve(tokenizer);
        loaded = Tokenizer.load(directory);
        texts = data.isEmpty() ? synthetic() : read(Path.of(data));
        encoded = new ArrayList<>(texts.size());
        textBytes = new long[texts.size()];
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            int[] ids = loaded.encode(text);
            String back = loaded.decode(ids);
            if (!back.equals(text) && !back.equals(Normalizer.normalize(text, Normalizer.Form.NFC))) {
                throw new IllegalStateException("text " + i + " does not come back: " + text);
            }
            encoded.add(ids);
            textBytes[i] = text.getBytes(StandardCharsets.UTF_8).length;
        }
    }

    /** One text after the other, as requests come. */
    @Benchmark
    public int[] encode(Volume volume) {
        int text = advance(volume);
        return loaded.encode(texts.get(text));
    }

    /** The same text as a user's, without control tokens. */
    @Benchmark
    public int[] encodeLiteral(Volume volume) {
        int text = advance(volume);
        return loaded.encodeLiteral(texts.get(text));
    }

    @Benchmark
    public String decode(Volume volume) {
        int text = advance(volume);
        return loaded.decode(encoded.get(text));
    }

    /** Token by token, as an answer is generated. */
    @Benchmark
    public void stream(Volume volume, Blackhole blackhole) {
        int text = advance(volume);
        StreamDecoder stream = loaded.streamDecoder();
        for (int id : encoded.get(text)) {
            blackhole.consume(stream.append(id));
        }
        blackhole.consume(stream.finish());
    }

    /** Loading, per operation; {@code megabytes} is the size of tokenizer.json. */
    @Benchmark
    public Tokenizer loadFile(Volume volume) throws IOException {
        volume.megabytes += Files.size(directory.resolve("tokenizer.json")) / 1e6;
        return Tokenizer.load(directory);
    }

    private int advance(Volume volume) {
        int text = next;
        next = text + 1 < texts.size() ? text + 1 : 0;
        volume.megabytes += textBytes[text] / 1e6;
        return text;
    }

    private static List<String> synthetic() {
        return IntStream.range(0, SYNTHETIC_TEXTS)
                .mapToObj(i -> SyntheticText.of(SYNTHETIC_CHARS, i))
                .toList();
    }

    private static List<String> read(Path file) throws IOException {
        if (!file.toString().endsWith(".json")) {
            return List.of(Files.readString(file));
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode source : new ObjectMapper().readTree(file.toFile())) {
            for (JsonNode item : source) {
                StringBuilder text = new StringBuilder(item.get("question").asText());
                item.get("options").properties().forEach(option -> text.append('\n')
                        .append(option.getKey())
                        .append(". ")
                        .append(option.getValue().asText()));
                texts.add(text.toString());
            }
        }
        return texts;
    }
}
