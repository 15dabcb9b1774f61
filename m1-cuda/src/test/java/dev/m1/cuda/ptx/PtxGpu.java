package dev.m1.cuda.ptx;

import dev.m1.cuda.emulator.Gpu;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Runs PTX, instruction by instruction: what ships is what is tested, on any machine. Finds accesses beyond memory and
 * unaligned ones, shared memory that was not initialised or is used by two warps without a barrier, barriers and
 * shuffles that lanes miss, and atomics on floats.
 */
public final class PtxGpu implements Gpu {
    private static final int ALIGNMENT = 256;
    private static final byte FRESH = (byte) 0xcd;

    private final PtxModule module;
    private final Arena arena = Arena.ofConfined();
    private final GlobalMemory memory = new GlobalMemory();

    public PtxGpu(PtxModule module) {
        this.module = module;
    }

    @Override
    public MemorySegment allocate(long bytes) {
        MemorySegment segment = arena.allocate(bytes + ALIGNMENT, ALIGNMENT).asSlice(0, bytes).fill(FRESH);
        memory.add(segment);
        return segment;
    }

    @Override
    public void launch(String kernel, int gridX, int gridY, int block, int dynamicBytes, Object... arguments) {
        PtxKernel k = module.kernel(kernel);
        new BlockRun(k, memory, parameters(k, arguments), gridX, gridY, block, dynamicBytes).runAll();
    }

    private static ByteBuffer parameters(PtxKernel kernel, Object[] arguments) {
        List<PtxKernel.Parameter> declared = kernel.parameters();
        if (declared.size() != arguments.length) {
            throw new PtxException(
                    kernel.name() + " takes " + declared.size() + " arguments, " + arguments.length + " given");
        }
        ByteBuffer bytes = ByteBuffer.allocate(kernel.parameterBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < arguments.length; i++) {
            int offset = declared.get(i).offset();
            int size = declared.get(i).bytes();
            switch (arguments[i]) {
                case Integer v when size == 4 -> bytes.putInt(offset, v);
                case Float v when size == 4 -> bytes.putFloat(offset, v);
                case Long v when size == 8 -> bytes.putLong(offset, v);
                case byte[] v when size == v.length -> bytes.put(offset, v);
                case MemorySegment v when size == 8 -> bytes.putLong(offset, v.address());
                default -> throw new PtxException(kernel.name() + ": argument " + i + " is " + arguments[i]
                        + ", the parameter has " + size + " bytes");
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
