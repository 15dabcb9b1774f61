package dev.m1.checkpoint;

import dev.m1.errors.CheckpointException;
import dev.m1.errors.ModelClosedException;
import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The tensors of a model, each proven to be there with its shape and a usable type. */
final class MappedWeights implements WeightSource {
    private static final int COMPARED_ROWS = 64;

    // A list has one tensor, or one per layer.
    private final Map<TensorRole, List<WeightTensor>> tensors = new EnumMap<>(TensorRole.class);
    private final long totalBytes;

    private MappedWeights(ModelSpec spec, Map<String, SafetensorsFile> files) {
        Set<String> used = new HashSet<>();
        long bytes = 0;
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(spec)) {
                List<WeightTensor> ofRole = new ArrayList<>();
                for (int layer = 0; layer < (role.perLayer() ? spec.layers() : 1); layer++) {
                    WeightTensor tensor = find(files, TensorNames.of(role, layer), role.shape(spec));
                    used.add(tensor.name());
                    bytes += tensor.data().byteSize();
                    ofRole.add(tensor);
                }
                tensors.put(role, ofRole);
            }
        }
        totalBytes = bytes;
        refuseOthers(spec, files, used);
    }

    /**
     * @param files the file of every tensor, by tensor name
     * @throws CheckpointException for a tensor that is missing, has another shape or type, or has no place in the model
     */
    static MappedWeights of(ModelSpec spec, Map<String, SafetensorsFile> files) {
        return new MappedWeights(spec, files);
    }

    @Override
    public WeightTensor tensor(TensorRole role, int layer) {
        List<WeightTensor> ofRole = tensors.get(role);
        int index = role.perLayer() ? layer : 0;
        if (ofRole == null || index < 0 || index >= ofRole.size()) {
            throw new IllegalArgumentException(
                    "the model has no tensor " + role + (role.perLayer() ? " of layer " + layer : ""));
        }
        WeightTensor tensor = ofRole.get(index);
        if (!tensor.data().scope().isAlive()) {
            throw new ModelClosedException("tensor " + tensor.name() + ": the checkpoint was closed");
        }
        return tensor;
    }

    @Override
    public long totalBytes() {
        return totalBytes;
    }

    private static WeightTensor find(Map<String, SafetensorsFile> files, String name, List<Integer> shape) {
        SafetensorsFile file = files.get(name);
        if (file == null) {
            throw new CheckpointException(
                    directory(files) + ": tensor " + name + " with shape " + shape + " is missing");
        }
        StoredTensor stored = file.tensors().get(name);
        if (!stored.shape().equals(shape.stream().map(Integer::longValue).toList())) {
            throw new CheckpointException(file.path() + ": tensor " + name + " has shape " + stored.shape()
                    + ", config.json implies " + shape);
        }
        DType type = stored.type().weightType();
        if (type == null) {
            throw new CheckpointException(file.path() + ": tensor " + name + " has dtype " + stored.type()
                    + ", supported are BF16, F16 and F32");
        }
        return new WeightTensor(name, type, shape, file.data(stored));
    }

    private static String directory(Map<String, SafetensorsFile> files) {
        return files.values().stream().findFirst().map(f -> f.path().getParent().toString()).orElse("checkpoint");
    }

    /** Whatever else lies in the files would change the result if it were used, so leaving it out would be wrong. */
    private static void refuseOthers(ModelSpec spec, Map<String, SafetensorsFile> files, Set<String> used) {
        for (String name : new TreeSet<>(files.keySet())) {
            if (used.contains(name) || TensorNames.isDerived(name)) {
                continue;
            }
            SafetensorsFile file = files.get(name);
            if (spec.tiedEmbeddings() && name.equals(TensorNames.LM_HEAD)) {
                requireTied(spec, files, file);
            } else {
                throw new CheckpointException(file.path() + ": tensor " + name + " has no place in a "
                        + spec.architecture() + " of " + spec.layers() + " layers as config.json describes it");
            }
        }
    }

    /**
     * A stored LM head beside tied embeddings is a copy of them, or the configuration is wrong. Compares some rows: a
     * head that was trained on its own differs in all.
     */
    private static void requireTied(ModelSpec spec, Map<String, SafetensorsFile> files, SafetensorsFile headFile) {
        SafetensorsFile embeddingFile = files.get(TensorNames.EMBEDDING);
        StoredTensor embedding = embeddingFile.tensors().get(TensorNames.EMBEDDING);
        StoredTensor head = headFile.tensors().get(TensorNames.LM_HEAD);
        boolean same = head.shape().equals(embedding.shape()) && head.type() == embedding.type();
        if (same) {
            MemorySegment a = embeddingFile.data(embedding);
            MemorySegment b = headFile.data(head);
            long rowBytes = embedding.bytes() / spec.vocabSize();
            long step = Math.max(1, spec.vocabSize() / COMPARED_ROWS);
            for (long row = 0; row < spec.vocabSize() && same; row += step) {
                same = a.asSlice(row * rowBytes, rowBytes).mismatch(b.asSlice(row * rowBytes, rowBytes)) < 0;
            }
        }
        if (!same) {
            throw new CheckpointException(headFile.path() + ": tensor " + TensorNames.LM_HEAD + " differs from "
                    + TensorNames.EMBEDDING + ", although tie_word_embeddings is true");
        }
    }
}
