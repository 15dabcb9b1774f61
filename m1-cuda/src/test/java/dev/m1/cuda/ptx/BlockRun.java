package dev.m1.cuda.ptx;

import java.nio.ByteBuffer;

/** The blocks of a launch, one after the other. */
final class BlockRun {
    final PtxKernel kernel;
    final GlobalMemory global;
    final SharedMemory shared;
    final int threads;
    final int gridX;
    final int gridY;
    int x;
    int y;
    private final ByteBuffer parameters;
    private final Warp[] warps;

    BlockRun(
            PtxKernel kernel,
            GlobalMemory global,
            ByteBuffer parameters,
            int gridX,
            int gridY,
            int threads,
            int dynamicBytes) {
        this.kernel = kernel;
        this.global = global;
        this.parameters = parameters;
        this.gridX = gridX;
        this.gridY = gridY;
        this.threads = threads;
        shared = new SharedMemory(kernel.sharedBytes() + dynamicBytes);
        warps = new Warp[(threads + Warp.LANES - 1) / Warp.LANES];
        for (int i = 0; i < warps.length; i++) {
            warps[i] = new Warp(this, i, threads - i * Warp.LANES);
        }
    }

    void runAll() {
        for (y = 0; y < gridY; y++) {
            for (x = 0; x < gridX; x++) {
                run();
            }
        }
    }

    private void run() {
        shared.clear();
        for (Warp warp : warps) {
            warp.start();
        }
        boolean left = true;
        while (left) {
            left = false;
            for (Warp warp : warps) {
                warp.run();
                left |= !warp.done();
            }
            shared.barrier(); // every warp has left or waits: threads that have left do not count
            for (Warp warp : warps) {
                warp.release();
            }
        }
    }

    long parameter(int offset, int bytes) {
        return switch (bytes) {
            case 4 -> parameters.getInt(offset);
            case 8 -> parameters.getLong(offset);
            default -> throw new PtxException("a parameter of " + bytes + " bytes");
        };
    }
}
