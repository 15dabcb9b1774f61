package dev.m1.examples.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Third-party test data that is not part of the repository: in a folder {@code shared} beside the checkout, or where
 * the environment variable {@code M1_SHARED} says.
 */
final class SharedData {
    private SharedData() {}

    /** The file, or a skipped test that names it. */
    static Path require(String relative) {
        String configured = System.getenv("M1_SHARED");
        Path root = configured != null
                ? Path.of(configured)
                : Stream.iterate(Path.of("").toAbsolutePath(), p -> p != null && p.getParent() != null, Path::getParent)
                        .map(p -> p.resolveSibling("shared"))
                        .filter(shared -> Files.isDirectory(shared.resolve("data")))
                        .findFirst()
                        .orElse(Path.of("shared"));
        Path path = root.resolve(relative);
        assumeTrue(Files.exists(path), () -> "shared test data not present: " + relative);
        return path;
    }
}
