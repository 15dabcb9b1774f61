package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;

/**
 * A model directory in Hugging Face's layout: {@code config.json}, weights as {@code model.safetensors} or as shards
 * with {@code model.safetensors.index.json}, and optionally {@code generation_config.json}. Weights are mapped, not
 * read: opening takes time for the headers only.
 *
 * <p>The files must not change while a checkpoint is open; the operating system would show the change, or an access
 * would fail.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String CONFIG = "config.json";
    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String ADAPTER_CONFIG = "adapter_config.json";

    private final Path directory;
    private final ModelSpec spec;
    private final GenerationConfig generation;
    private final MappedWeights weights;
    private final long fileBytes;
    private final Arena arena;

    private Checkpoint(Path directory, Arena arena) {
        this.directory = directory;
        this.arena = arena;
        ConfigFields config = fields(directory.resolve(CONFIG));
        spec = ConfigReader.read(config);
        generation = GenerationReader.read(config, optionalFields(directory.resolve(GENERATION_CONFIG)));
        Map<String, SafetensorsFile> files = WeightFiles.open(directory, arena);
        weights = MappedWeights.of(spec, files);
        fileBytes = new HashSet<>(files.values()).stream().mapToLong(SafetensorsFile::bytes).sum();
    }

    /**
     * Opens a directory and proves that its files fit together.
     *
     * @throws CheckpointException naming the file and the tensor, offset or field that is wrong, with both values
     */
    public static Checkpoint open(Path directory) {
        requireCheckpoint(directory);
        Arena arena = Arena.ofShared();
        try {
            return new Checkpoint(directory, arena);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The model's shape, from {@code config.json}. */
    public ModelSpec spec() {
        return spec;
    }

    /** The model's tensors; their memory is valid until {@link #close}. */
    public WeightSource weights() {
        return weights;
    }

    /** How its authors say it should be generated from. */
    public GenerationConfig generation() {
        return generation;
    }

    public Path directory() {
        return directory;
    }

    /** Bytes of all weight files together. */
    public long fileBytes() {
        return fileBytes;
    }

    /** Unmaps the weights; an access afterwards throws. Closing twice is fine. */
    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static void requireCheckpoint(Path directory) {
        if (!Files.exists(directory)) {
            throw new CheckpointException(directory + ": no such directory");
        }
        if (!Files.isDirectory(directory)) {
            throw new CheckpointException(
                    directory + ": is a file; a checkpoint is a directory with " + CONFIG + " and safetensors files");
        }
        if (Files.isRegularFile(directory.resolve(CONFIG))) {
            return;
        }
        if (Files.exists(directory.resolve(ADAPTER_CONFIG))) {
            throw new CheckpointException(directory + ": holds an adapter (" + ADAPTER_CONFIG + ") without " + CONFIG
                    + ": merge it into its base model");
        }
        throw new CheckpointException(directory + ": " + CONFIG + " is missing" + WeightFiles.otherFormats(directory));
    }

    private static ConfigFields fields(Path file) {
        return new ConfigFields(file, JsonFiles.readObject(file));
    }

    private static ConfigFields optionalFields(Path file) {
        return Files.exists(file) ? fields(file) : new ConfigFields(file, JsonNodeFactory.instance.objectNode());
    }
}
