package dev.m1.cuda.decoder;

import dev.m1.cuda.kernels.Matrix;
import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A matrix of the arena: rows of one or more checkpoint tensors in an order of its own. Elements stay as they are
 * stored, unless the tensors differ in type; then all become floats.
 */
final class PackedMatrix implements Packed {
    private final long offset;
    private final List<WeightTensor> tensors;
    private final RowOrder order;
    private final DType type;
    private final int rows;
    private final int columns;
    private final int stride; // elements

    PackedMatrix(Layout layout, List<WeightTensor> tensors, RowOrder order) {
        this.tensors = tensors;
        this.order = order;
        boolean alike = tensors.stream().map(WeightTensor::dtype).distinct().count() == 1;
        type = alike ? tensors.get(0).dtype() : DType.F32;
        rows = tensors.stream().mapToInt(t -> t.shape().get(0)).sum();
        columns = tensors.get(0).shape().get(1);
        stride = Layout.stride(columns);
        offset = layout.take(rows * rowBytes());
    }

    /** Where it is on the device. */
    Matrix at(long arena) {
        return new Matrix(arena + offset, rows, columns, stride, type);
    }

    /** Type of its elements. */
    DType type() {
        return type;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public long rowBytes() {
        return (long) stride * type.bytes();
    }

    @Override
    public void write(int row, MemorySegment to) {
        WeightTensor tensor = tensors.get(order.tensor(row));
        long from = (long) order.row(row) * columns;
        if (tensor.dtype() == type) {
            MemorySegment.copy(tensor.data(), from * type.bytes(), to, 0, (long) columns * type.bytes());
            return;
        }
        float[] values = new float[columns];
        Elements.read(tensor, from, columns, values);
        MemorySegment.copy(
                values, 0, to, ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN), 0, columns);
    }
}
