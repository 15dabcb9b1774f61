package dev.m1.bench.synthetic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where a benchmark's model comes from: a checkpoint directory, or {@code synthetic:SHAPE}, which is drawn once and
 * kept in a cache folder.
 */
public final class ModelSource {
    /** What a synthetic model's name begins with. */
    public static final String PREFIX = "synthetic:";

    /** The environment variable that names the cache folder; a folder in the temporary directory without it. */
    public static final String CACHE_VARIABLE = "M1_BENCH_CACHE";

    private ModelSource() {}

    /**
     * The model's directory; draws it if it is synthetic and not there yet.
     *
     * @throws IllegalArgumentException if it is neither a directory nor a known shape
     */
    public static Path resolve(String model) {
        return resolve(model, cache());
    }

    static Path resolve(String model, Path cache) {
        if (!model.startsWith(PREFIX)) {
            Path directory = Path.of(model);
            if (model.isEmpty() || !Files.isDirectory(directory)) {
                throw new IllegalArgumentException("the model '" + model + "' is neither a directory nor " + PREFIX
                        + "SHAPE, for instance " + PREFIX + SyntheticShape.QWEN_0_5B.label());
            }
            return directory;
        }
        SyntheticShape shape = SyntheticShape.of(model.substring(PREFIX.length()));
        Path directory = cache.resolve(shape.label() + "-seed" + SyntheticCheckpoint.SEED);
        try {
            return Files.isDirectory(directory) ? directory : draw(shape, cache, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a synthetic checkpoint to " + directory, e);
        }
    }

    /** Under another name first, so that whoever finds the directory finds all of it. */
    private static Path draw(SyntheticShape shape, Path cache, Path directory) throws IOException {
        Files.createDirectories(cache);
        Path draft = Files.createTempDirectory(cache, shape.label() + "-draft");
        SyntheticCheckpoint.write(shape, draft, SyntheticCheckpoint.SEED);
        try {
            return Files.move(draft, directory, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(draft); // another process was faster
            return directory;
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static Path cache() {
        String set = System.getenv(CACHE_VARIABLE);
        return set != null && !set.isEmpty()
                ? Path.of(set)
                : Path.of(System.getProperty("java.io.tmpdir"), "m1-synthetic");
    }
}
