package dev.m1.cuda.ptx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * 32 lanes of a block. Lanes that have parted run one group at a time, the one that is furthest behind first, so that
 * they meet again where the branches join.
 */
final class Warp {
    static final int LANES = 32;
    private static final long MOST_STEPS = 20_000_000;

    final BlockRun block;
    final int index;
    final long[] registers; // [registers, LANES]
    final List<AsyncCopy> copies = new ArrayList<>(); // started and not yet waited for
    private final int[] next = new int[LANES]; // instruction of each lane
    private final int existing; // a bit per lane
    private int alive;
    private int here; // instruction at hand
    private long steps;
    private boolean waiting;

    Warp(BlockRun block, int index, int lanes) {
        this.block = block;
        this.index = index;
        existing = lanes >= LANES ? -1 : (1 << lanes) - 1;
        registers = new long[Math.max(1, block.kernel.registers()) * LANES];
    }

    void start() {
        alive = existing;
        waiting = false;
        steps = 0;
        copies.clear();
        Arrays.fill(next, 0);
        Arrays.fill(registers, 0x7fc0dead7fc0deadL); // NaN, also in the lower half
    }

    boolean done() {
        return alive == 0;
    }

    boolean waiting() {
        return waiting;
    }

    void release() {
        waiting = false;
    }

    int lanesThatExist() {
        return existing;
    }

    /** Runs until all lanes have left or wait at a barrier. */
    void run() {
        Instruction[] code = block.kernel.instructions();
        while (alive != 0 && !waiting) {
            here = Integer.MAX_VALUE;
            for (int left = alive; left != 0; left &= left - 1) {
                here = Math.min(here, next[Integer.numberOfTrailingZeros(left)]);
            }
            int mask = 0;
            for (int left = alive; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                mask |= next[lane] == here ? 1 << lane : 0;
            }
            // While this group stays together and behind the others, nothing needs to be looked up again.
            int limit = mask == alive ? Integer.MAX_VALUE : nextOfOthers(mask);
            while (here < limit && step(code[here], mask)) {
                here++;
                if (here >= code.length) {
                    throw wrong("runs past its end");
                }
            }
        }
    }

    private int nextOfOthers(int mask) {
        int least = Integer.MAX_VALUE;
        for (int left = alive & ~mask; left != 0; left &= left - 1) {
            least = Math.min(least, next[Integer.numberOfTrailingZeros(left)]);
        }
        return least;
    }

    /** Runs one instruction in the lanes of the mask. False if they do not simply go on with the next one. */
    private boolean step(Instruction instruction, int mask) {
        if (++steps > MOST_STEPS) {
            throw wrong("does not end");
        }
        int active = guarded(instruction, mask);
        switch (instruction.kind()) {
            case BRANCH -> {
                set(active, instruction.target());
                set(mask & ~active, here + 1);
                return false;
            }
            case EXIT -> {
                alive &= ~active;
                set(mask & ~active, here + 1);
                return false;
            }
            case BARRIER -> {
                if (active != alive) {
                    throw wrong("some lanes of a warp come to a barrier, others do not");
                }
                set(active, here + 1);
                waiting = true;
                return false;
            }
            default -> {
                if (active != 0) {
                    instruction.effect().run(this, active);
                }
                set(mask, here + 1);
                return true;
            }
        }
    }

    private int guarded(Instruction instruction, int mask) {
        if (instruction.guard() < 0) {
            return mask;
        }
        int active = 0;
        for (int left = mask; left != 0; left &= left - 1) {
            int lane = Integer.numberOfTrailingZeros(left);
            boolean yes = (registers[instruction.guard() * LANES + lane] & 1) != 0;
            active |= yes != instruction.unless() ? 1 << lane : 0;
        }
        return active;
    }

    private void set(int mask, int instruction) {
        for (int left = mask; left != 0; left &= left - 1) {
            next[Integer.numberOfTrailingZeros(left)] = instruction;
        }
    }

    long special(String name, int lane) {
        int thread = index * LANES + lane;
        return switch (name) {
            case "%tid.x" -> thread;
            case "%ntid.x" -> block.threads;
            case "%ctaid.x" -> block.x;
            case "%ctaid.y" -> block.y;
            case "%nctaid.x" -> block.gridX;
            case "%nctaid.y" -> block.gridY;
            case "%laneid" -> lane;
            default -> throw wrong(name + " is not covered");
        };
    }

    PtxException wrong(String what) {
        return new PtxException(block.kernel.name() + ", block (" + block.x + ", " + block.y + "), warp " + index
                + ": " + what + " in \"" + block.kernel.instructions()[here].text() + "\"");
    }

    PtxException wrong(int lane, String what) {
        return wrong("thread " + (index * LANES + lane) + ": " + what);
    }
}
