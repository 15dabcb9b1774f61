package dev.m1.cuda.ptx;

import dev.m1.cuda.ptx.Instruction.Effect;
import java.util.List;

/**
 * Copies from global to shared memory that a lane starts and waits for. They happen as late as they may: until the lane
 * waits, whoever reads their target is told that nobody has written it.
 */
final class AsyncCopy {
    private static final int BYTES = 16;

    private final int lane;
    private final long to;
    private final long from;

    private AsyncCopy(int lane, long to, long from) {
        this.lane = lane;
        this.to = to;
        this.from = from;
    }

    static Effect effect(String[] parts, List<Operand> operands) {
        return switch (String.join(".", parts)) {
            case "cp.async.cg.shared.global" -> start(operands);
            case "cp.async.wait_all" -> AsyncCopy::finishAll;
            default -> throw new PtxException(String.join(".", parts));
        };
    }

    /** {@code cp.async.cg.shared.global [to], [from], 16}. */
    private static Effect start(List<Operand> operands) {
        if (operands.size() != 3) {
            throw new PtxException("cp.async of less than it could is not covered");
        }
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                long to = operands.get(0).value(w, lane);
                long from = operands.get(1).value(w, lane);
                if (operands.get(2).value(w, lane) != BYTES) {
                    throw w.wrong(lane, "a copy of other than " + BYTES + " bytes");
                }
                MemoryAccess.requireAligned(w, lane, to, BYTES);
                MemoryAccess.requireAligned(w, lane, from, BYTES);
                w.block.shared.begin(w, lane, to, BYTES);
                w.copies.add(new AsyncCopy(lane, to, from));
            }
        };
    }

    private static void finishAll(Warp w, int mask) {
        w.copies.removeIf(copy -> {
            boolean waitedFor = (mask >>> copy.lane & 1) != 0;
            if (waitedFor) {
                copy.finish(w);
            }
            return waitedFor;
        });
    }

    private void finish(Warp w) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            long value = w.block.global.read(w, lane, from + i, Long.BYTES);
            w.block.shared.write(w, lane, to + i, Long.BYTES, value);
        }
    }
}
