package dev.m1.cuda.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Measured numbers by name: medians and spread of repeated runs, after one that is not counted. */
final class Report {
    private final ObjectMapper json = new ObjectMapper();
    private final ObjectNode root = json.createObjectNode();

    /** A run; what it returns is the number that is reported. */
    interface Run {
        double once();
    }

    /** Runs once more than asked and puts the result down. */
    void measure(String name, int runs, Run run) {
        run.once();
        double[] values = new double[runs];
        for (int i = 0; i < runs; i++) {
            values[i] = run.once();
        }
        put(name, values);
    }

    /** Puts measured values down. */
    void put(String name, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        root.putObject(name)
                .put("median", sorted[sorted.length / 2])
                .put("least", sorted[0])
                .put("most", sorted[sorted.length - 1])
                .put("runs", sorted.length);
    }

    /** A number that is not measured. */
    void put(String name, long value) {
        root.put(name, value);
    }

    /** Into a file, and to standard output. */
    void write(Path to) throws IOException {
        json.writeValue(to.toFile(), root);
        System.out.println(root);
    }
}
