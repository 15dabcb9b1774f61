package dev.m1.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Third-party test data that is not part of the repository (tokenizer files, medical question sets). It lies in a
 * folder {@code shared} beside the checkout, or where the environment variable {@code M1_SHARED} says; tests that need
 * it are skipped with a reason where it is absent.
 */
public final class SharedData {
    private SharedData() {}

    /** The file or folder, or a skipped test that names it. */
    public static Path require(String relative) {
        Path path = root().resolve(relative);
        assumeTrue(Files.exists(path), () -> "shared test data not present: " + relative);
        return path;
    }

    private static Path root() {
        String configured = System.getenv("M1_SHARED");
        if (configured != null) {
            return Path.of(configured);
        }
        // Maven runs the tests of a module in the module's folder: checkout/module -> checkout -> beside it.
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            Path shared = p.resolveSibling("shared");
            if (p.getParent() != null && Files.isDirectory(shared.resolve("data"))) {
                return shared;
            }
        }
        return Path.of("shared");
    }
}
