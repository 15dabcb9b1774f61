package dev.m1.examples.demo;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the demonstration's files lie.
 *
 * @param folder the folder {@code demo-checkpoints}
 */
public record DemoFiles(Path folder) {
    /** The checkpoint that was trained on 23,000 traces, and the one that saw the first 1,000 of them. */
    public static final List<String> CHECKPOINTS = List.of("m1-demo-23k", "m1-demo-1k");

    /** The question that is asked where none is named: a short one. Counted from 1. */
    public static final int FIRST_QUESTION = 13;

    /** The files in the folder {@code examples} of a clone. */
    public static DemoFiles in(Path examples) {
        return new DemoFiles(examples.resolve("demo-checkpoints"));
    }

    /** The better checkpoint, which runs where no other is named. */
    public Path checkpoint() {
        return checkpoint(CHECKPOINTS.getFirst());
    }

    public Path checkpoint(String name) {
        return folder.resolve(name);
    }

    /** 1,000 questions that no checkpoint was trained on, in m1's data format. */
    public Path exam() {
        return folder.resolve("exam.json");
    }
}
