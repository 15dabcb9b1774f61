package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaEvent;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Brings packed weights to the device through two page-locked windows: while the device copies one, the processor's
 * threads fill the other.
 */
final class Uploader implements AutoCloseable {
    private static final long WINDOW_BYTES = 32L << 20;
    private static final int WINDOWS = 2;
    private static final long PARALLEL_BYTES = 1 << 20; // less is done sooner by one thread

    private final CudaScope scope = new CudaScope();
    private final CudaStream stream;
    private final PinnedBuffer[] windows = new PinnedBuffer[WINDOWS];
    private final CudaEvent[] copied = new CudaEvent[WINDOWS]; // the device has read the window
    private final long windowBytes;
    private int current;
    private long start; // offset in the arena of the current window's first byte
    private long filled; // bytes of the current window

    private Uploader(CudaStream stream, long windowBytes) {
        this.stream = stream;
        this.windowBytes = windowBytes;
        try {
            for (int i = 0; i < WINDOWS; i++) {
                windows[i] = scope.own(new PinnedBuffer(windowBytes));
                copied[i] = scope.own(new CudaEvent(false));
            }
        } catch (Throwable t) {
            scope.close();
            throw t;
        }
    }

    /** Uploads everything and waits for it. The parts must be in ascending order. */
    static void upload(List<Packed> parts, long bytes, CudaStream stream, long arena) {
        long row = parts.stream().mapToLong(Packed::rowBytes).max().orElse(0);
        try (Uploader uploader = new Uploader(stream, Math.max(row, Math.min(WINDOW_BYTES, bytes)))) {
            for (Packed part : parts) {
                uploader.add(part, arena);
            }
            uploader.flush(arena);
            stream.synchronize();
        }
    }

    private void add(Packed part, long arena) {
        int row = 0;
        while (row < part.rows()) {
            long at = part.offset() + row * part.rowBytes() - start;
            int rows = (int) Math.min(part.rows() - row, Math.max(0, windowBytes - at) / part.rowBytes());
            if (rows == 0) {
                flush(arena);
                start = part.offset() + row * part.rowBytes();
                continue;
            }
            fill(part, row, rows, at);
            filled = at + rows * part.rowBytes();
            row += rows;
        }
    }

    private void fill(Packed part, int first, int rows, long at) {
        MemorySegment window = windows[current].memory();
        window.asSlice(filled, at + rows * part.rowBytes() - filled).fill((byte) 0);
        IntStream all = IntStream.range(0, rows);
        (rows * part.rowBytes() < PARALLEL_BYTES ? all : all.parallel())
                .forEach(i -> part.write(first + i, window.asSlice(at + i * part.rowBytes(), part.rowBytes())));
    }

    private void flush(long arena) {
        if (filled > 0) {
            stream.upload(windows[current].memory(), arena + start, filled);
            copied[current].record(stream);
            current = (current + 1) % WINDOWS;
            copied[current].synchronize();
            filled = 0;
        }
    }

    @Override
    public void close() {
        scope.close();
    }
}
