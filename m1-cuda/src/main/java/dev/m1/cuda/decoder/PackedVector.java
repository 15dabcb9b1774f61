package dev.m1.cuda.decoder;

import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A bias or a gain in the arena: elements of one or more checkpoint tensors, in the order of a matrix, as floats. */
final class PackedVector implements Packed {
    private final long offset;
    private final List<WeightTensor> tensors;
    private final RowOrder order;
    private final int size;

    PackedVector(Layout layout, List<WeightTensor> tensors, RowOrder order) {
        this.tensors = tensors;
        this.order = order;
        size = tensors.stream().mapToInt(t -> t.shape().get(0)).sum();
        offset = layout.take(rowBytes());
    }

    long at(long arena) {
        return arena + offset;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public long rowBytes() {
        return (long) Layout.stride(size) * Float.BYTES;
    }

    @Override
    public void write(int row, MemorySegment to) {
        List<float[]> values = tensors.stream().map(Elements::read).toList();
        for (int i = 0; i < size; i++) {
            to.setAtIndex(ValueLayout.JAVA_FLOAT, i, values.get(order.tensor(i))[order.row(i)]);
        }
    }
}
