package dev.m1.bench.medical.stats;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Values of numpy, scipy and statsmodels, and exact ones ({@code make_stats_goldens.py} beside the resource). */
final class StatsGoldens {
    private StatsGoldens() {}

    static Stream<JsonNode> of(String name) {
        try (InputStream in = StatsGoldens.class.getResourceAsStream("/medical/stats_goldens.json")) {
            return StreamSupport.stream(new ObjectMapper().readTree(in).required(name).spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToDouble(JsonNode::doubleValue).toArray();
    }
}
