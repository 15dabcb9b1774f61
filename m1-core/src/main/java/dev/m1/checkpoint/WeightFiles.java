package dev.m1.checkpoint;

import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Finds and maps the safetensors files of a checkpoint: one file, or the shards of an index. */
final class WeightFiles {
    static final String SINGLE_FILE = "model.safetensors";

    private WeightFiles() {}

    /** The file of every tensor, by tensor name. One file goes before an index, as in Hugging Face transformers. */
    static Map<String, SafetensorsFile> open(Path directory, Arena arena) {
        Path single = directory.resolve(SINGLE_FILE);
        Path index = directory.resolve(ShardIndex.FILE_NAME);
        if (Files.isRegularFile(single)) {
            SafetensorsFile file = SafetensorsFile.open(single, arena);
            Map<String, SafetensorsFile> files = new LinkedHashMap<>();
            file.tensors().keySet().forEach(name -> files.put(name, file));
            return files;
        }
        if (Files.isRegularFile(index)) {
            return openShards(directory, index, arena);
        }
        throw new CheckpointException(directory + ": no weights: looked for " + SINGLE_FILE + " and "
                + ShardIndex.FILE_NAME + otherFormats(directory));
    }

    private static Map<String, SafetensorsFile> openShards(Path directory, Path index, Arena arena) {
        Map<String, String> names = ShardIndex.read(index);
        for (String name : new TreeSet<>(names.values())) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new CheckpointException(index + ": shard " + name + " is missing in " + directory);
            }
        }
        Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
        Map<String, SafetensorsFile> files = new LinkedHashMap<>();
        names.forEach((tensor, name) -> {
            SafetensorsFile shard =
                    shards.computeIfAbsent(name, n -> SafetensorsFile.open(directory.resolve(n), arena));
            if (!shard.tensors().containsKey(tensor)) {
                throw new CheckpointException(index + ": tensor " + tensor + " is not in its shard " + name);
            }
            files.put(tensor, shard);
        });
        refuseStrays(index, shards, names);
        return files;
    }

    /** A tensor that the index does not know, or sees elsewhere, leaves open which one is meant. */
    private static void refuseStrays(Path index, Map<String, SafetensorsFile> shards, Map<String, String> names) {
        shards.forEach((name, shard) -> {
            for (String tensor : shard.tensors().keySet()) {
                if (!name.equals(names.get(tensor))) {
                    throw new CheckpointException(shard.path() + ": tensor " + tensor + " is in this shard, but "
                            + index.getFileName() + " says " + names.getOrDefault(tensor, "nothing of it"));
                }
            }
        });
    }

    /** What lies there instead that looks like weights, to end a message with. */
    static String otherFormats(Path directory) {
        List<String> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.map(p -> p.getFileName().toString()).sorted().forEach(name -> {
                if (name.endsWith(".gguf")) {
                    found.add(name + " (GGUF, not supported)");
                } else if (name.endsWith(".bin") || name.endsWith(".pth") || name.endsWith(".pt")) {
                    found.add(name + " (PyTorch pickle, not supported: convert it to safetensors)");
                } else if (name.endsWith(".safetensors")) {
                    found.add(name);
                }
            });
        } catch (IOException e) {
            return "; the directory cannot be listed: " + e;
        }
        if (found.isEmpty()) {
            return "";
        }
        String shown = String.join(", ", found.subList(0, Math.min(3, found.size())));
        return "; found " + shown + (found.size() > 3 ? " and " + (found.size() - 3) + " more" : "");
    }
}
