package dev.m1.bench.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and writes {@code <results>/<device>/<date>-<commit>.json}. */
public final class ResultsFile {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ResultsFile() {}

    static Path path(Path folder, Results results) {
        return folder.resolve(results.device()).resolve(results.date() + "-" + results.commit() + ".json");
    }

    /**
     * Reads a file.
     *
     * @throws ResultsException if it cannot be read or is not one of these
     */
    public static Results read(Path file) {
        Results results;
        try {
            results = MAPPER.readValue(file.toFile(), Results.class);
        } catch (JsonProcessingException e) {
            throw new ResultsException(file + " is no results file: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ResultsException("cannot read " + file + ": " + e.getMessage(), e);
        }
        if (results == null || results.schema() != Results.SCHEMA) {
            throw new ResultsException(file + " has schema " + (results == null ? "none" : results.schema())
                    + ", this program reads " + Results.SCHEMA);
        }
        return results;
    }

    /**
     * Adds measurements to their file, which is made if need be; returns where it lies.
     *
     * @throws ResultsException if the file is of another machine, JVM or set of flags
     */
    public static Path add(Path folder, Results results) {
        Path file = path(folder, results);
        try {
            Results all = results;
            if (Files.exists(file)) {
                Results old = read(file);
                if (!old.machine().equals(results.machine())) {
                    throw new ResultsException(
                            file + " was measured on " + old.machine() + ", this is " + results.machine());
                }
                all = old.with(results.measurements());
            }
            writeJson(file, all);
        } catch (IOException e) {
            throw new ResultsException("cannot write " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    /** Writes any results as these are written, over what is there; makes the folder if need be. */
    public static void writeJson(Path file, Object results) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, MAPPER.writeValueAsString(results) + "\n");
    }

    /** As a tree, for who prints it otherwise. */
    public static ObjectNode tree(Results results) {
        return MAPPER.valueToTree(results);
    }
}
