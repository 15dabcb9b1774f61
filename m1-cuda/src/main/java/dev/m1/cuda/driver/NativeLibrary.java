package dev.m1.cuda.driver;

import dev.m1.errors.BackendException;
import java.nio.file.Path;

/**
 * A library, or why there is none.
 *
 * @param path null if none could be loaded
 * @param cause what was looked for and what went wrong
 */
record NativeLibrary(Path path, String cause) {
    /** Loads the first of the found files that can be loaded, into this class's loader. */
    static NativeLibrary first(LibrarySearch.Result found) {
        StringBuilder failures = new StringBuilder();
        for (Path file : found.files()) {
            try {
                System.load(file.toAbsolutePath().toString());
                return new NativeLibrary(file, "");
            } catch (UnsatisfiedLinkError | IllegalCallerException e) {
                failures.append("; ").append(file).append(" cannot be loaded: ").append(e.getMessage());
            }
        }
        return new NativeLibrary(null, "looked for " + found.lookedFor() + failures);
    }

    /**
     * Makes sure that there is one.
     *
     * @param need who needs what
     * @throws BackendException with the need and the cause, if there is none
     */
    void require(String need) {
        if (path == null) {
            throw new BackendException("backend cuda: " + need + ": " + cause);
        }
    }
}
