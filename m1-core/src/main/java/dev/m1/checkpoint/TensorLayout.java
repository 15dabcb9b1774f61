package dev.m1.checkpoint;

import dev.m1.errors.CheckpointException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Proves that the tensors of a safetensors file fill its data exactly: every byte belongs to one tensor, none lies
 * outside.
 */
final class TensorLayout {
    private TensorLayout() {}

    /**
     * @param dataBytes bytes after the header
     */
    static void check(Path file, Collection<StoredTensor> tensors, long dataBytes) {
        List<StoredTensor> ordered = tensors.stream()
                .sorted(Comparator.comparingLong(StoredTensor::begin).thenComparingLong(StoredTensor::end))
                .toList();
        long covered = 0;
        String previous = "the start of the data";
        for (StoredTensor tensor : ordered) {
            checkSize(file, tensor);
            if (tensor.end() > dataBytes) {
                throw wrong(file, tensor, "ends at offset " + tensor.end() + " of " + dataBytes
                        + " data bytes; the file is truncated or its header wrong");
            }
            if (tensor.begin() < covered) {
                throw wrong(file, tensor, "starts at offset " + tensor.begin() + " and overlaps " + previous
                        + ", which ends at " + covered);
            }
            if (tensor.begin() > covered) {
                throw wrong(file, tensor, "starts at offset " + tensor.begin() + ", leaving a hole after " + previous
                        + ", which ends at " + covered);
            }
            covered = tensor.end();
            previous = tensor.name();
        }
        if (covered != dataBytes) {
            throw new CheckpointException(file + ": the tensors end at offset " + covered + " of " + dataBytes
                    + " data bytes; the rest belongs to none");
        }
    }

    private static void checkSize(Path file, StoredTensor tensor) {
        if (tensor.end() < tensor.begin()) {
            throw wrong(
                    file, tensor, "data_offsets end at " + tensor.end() + ", before they begin at " + tensor.begin());
        }
        long bits;
        try {
            bits = tensor.type().bits();
            for (long size : tensor.shape()) {
                bits = Math.multiplyExact(bits, size);
            }
        } catch (ArithmeticException e) {
            throw wrong(file, tensor, "shape " + tensor.shape() + " of " + tensor.type() + " overflows");
        }
        if (bits % 8 != 0 || bits / 8 != tensor.bytes()) {
            throw wrong(file, tensor, "shape " + tensor.shape() + " of " + tensor.type() + " needs " + bits / 8.0
                    + " bytes, data_offsets give " + tensor.bytes());
        }
    }

    private static CheckpointException wrong(Path file, StoredTensor tensor, String rule) {
        return new CheckpointException(file + ": tensor " + tensor.name() + ": " + rule);
    }
}
