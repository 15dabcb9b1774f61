package dev.m1.checkpoint;

import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** One safetensors file, mapped read-only; only the header has been read. */
final class SafetensorsFile {
    private final Path path;
    private final MemorySegment content;
    private final long dataOffset;
    private final Map<String, StoredTensor> tensors;

    private SafetensorsFile(Path path, MemorySegment content) {
        this.path = path;
        this.content = content;
        tensors = SafetensorsHeader.read(path, content);
        dataOffset = SafetensorsHeader.LENGTH_BYTES + SafetensorsHeader.length(path, content);
    }

    /**
     * @param arena owns the mapping
     */
    static SafetensorsFile open(Path path, Arena arena) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new SafetensorsFile(path, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            throw new CheckpointException(path + ": cannot be mapped: " + e, e);
        }
    }

    Path path() {
        return path;
    }

    /** Size of the file. */
    long bytes() {
        return content.byteSize();
    }

    /** Entries by name. */
    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /** The bytes of one of this file's tensors. */
    MemorySegment data(StoredTensor tensor) {
        return content.asSlice(dataOffset + tensor.begin(), tensor.bytes());
    }
}
