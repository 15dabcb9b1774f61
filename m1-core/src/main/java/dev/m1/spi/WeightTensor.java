package dev.m1.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * One weight tensor, row-major, as the checkpoint stores it. The data is a read-only view of mapped memory:
 * little-endian, exactly {@code elements() * dtype.bytes()} bytes, with no alignment promised.
 *
 * @param name the checkpoint's own name, for error messages
 * @param dtype element type
 * @param shape {@code [rows, columns]} of a matrix (a linear layer's {@code [out, in]}), {@code [n]} of a vector
 * @param data the bytes; valid as long as the {@link WeightSource} is open
 */
public record WeightTensor(String name, DType dtype, List<Integer> shape, MemorySegment data) {
    public WeightTensor {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(dtype, "dtype");
        shape = List.copyOf(shape);
        Objects.requireNonNull(data, "data");
        long bytes = elements(shape) * dtype.bytes();
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException("tensor " + name + ": " + shape + " of " + dtype + " needs " + bytes
                    + " bytes, got " + data.byteSize());
        }
    }

    /** Number of elements. */
    public long elements() {
        return elements(shape);
    }

    private static long elements(List<Integer> shape) {
        long n = 1;
        for (int d : shape) {
            n *= d;
        }
        return n;
    }
}
