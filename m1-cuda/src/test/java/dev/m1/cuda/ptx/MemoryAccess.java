package dev.m1.cuda.ptx;

import dev.m1.cuda.ptx.Instruction.Effect;
import java.util.List;
import java.util.Set;
import java.util.function.LongBinaryOperator;

/** Loads, stores and atomics. */
final class MemoryAccess {
    private MemoryAccess() {}

    /** What a load, store or atomic reaches. */
    interface Space {
        /** @throws PtxException if the bytes may not be read */
        long read(Warp warp, int lane, long address, int bytes);

        /** @throws PtxException if the bytes may not be written */
        void write(Warp warp, int lane, long address, int bytes, long value);
    }

    private static Space space(Set<String> modifiers) {
        if (modifiers.contains("param")) {
            return PARAMETERS;
        }
        if (modifiers.contains("shared")) {
            return SHARED;
        }
        if (modifiers.contains("global")) {
            return GLOBAL;
        }
        throw new PtxException("memory space " + modifiers);
    }

    private static final Space PARAMETERS = new Space() {
        @Override
        public long read(Warp warp, int lane, long address, int bytes) {
            return warp.block.parameter((int) address, bytes);
        }

        @Override
        public void write(Warp warp, int lane, long address, int bytes, long value) {
            throw new PtxException("a write to a parameter");
        }
    };

    private static final Space SHARED = new Space() {
        @Override
        public long read(Warp warp, int lane, long address, int bytes) {
            return warp.block.shared.read(warp, lane, address, bytes);
        }

        @Override
        public void write(Warp warp, int lane, long address, int bytes, long value) {
            warp.block.shared.write(warp, lane, address, bytes, value);
        }
    };

    private static final Space GLOBAL = new Space() {
        @Override
        public long read(Warp warp, int lane, long address, int bytes) {
            return warp.block.global.read(warp, lane, address, bytes);
        }

        @Override
        public void write(Warp warp, int lane, long address, int bytes, long value) {
            warp.block.global.write(warp, lane, address, bytes, value);
        }
    };

    static void requireAligned(Warp warp, int lane, long address, int bytes) {
        if (address % bytes != 0) {
            throw warp.wrong(lane, "%d bytes at %#x, which is not aligned".formatted(bytes, address));
        }
    }

    static Effect load(Set<String> modifiers, PtxType type, List<Operand> operands) {
        Space space = space(modifiers);
        int[] to = Operand.elements(operands.get(0)).stream()
                .mapToInt(o -> Operand.target(o) * Warp.LANES)
                .toArray();
        Operand address = operands.get(1);
        int bytes = type.bytes();
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                long at = address.value(w, lane);
                requireAligned(w, lane, at, bytes * to.length);
                for (int i = 0; i < to.length; i++) {
                    w.registers[to[i] + lane] = type.integer(space.read(w, lane, at + (long) i * bytes, bytes));
                }
            }
        };
    }

    /** Changes nothing, but only memory that is there should be asked for. */
    static Effect prefetch(Set<String> modifiers, Operand address) {
        Space space = space(modifiers);
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                space.read(w, lane, address.value(w, lane), 1);
            }
        };
    }

    static Effect store(Set<String> modifiers, PtxType type, List<Operand> operands) {
        Space space = space(modifiers);
        Operand address = operands.get(0);
        List<Operand> from = Operand.elements(operands.get(1));
        int bytes = type.bytes();
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                long at = address.value(w, lane);
                requireAligned(w, lane, at, bytes * from.size());
                for (int i = 0; i < from.size(); i++) {
                    space.write(w, lane, at + (long) i * bytes, bytes, from.get(i).value(w, lane));
                }
            }
        };
    }

    static Effect atomic(Set<String> modifiers, PtxType type, List<Operand> operands) {
        boolean isShared = modifiers.contains("shared");
        Space space = space(modifiers);
        LongBinaryOperator operator = operator(modifiers, type);
        int to = operands.get(0) instanceof Operand.Label ? -1 : Operand.target(operands.get(0)) * Warp.LANES;
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                long at = operands.get(1).value(w, lane);
                requireAligned(w, lane, at, type.bytes());
                long operand = operands.get(2).value(w, lane);
                long before = isShared
                        ? w.block.shared.atomic(w, lane, at, type, operator, operand)
                        : space.read(w, lane, at, type.bytes());
                if (!isShared) {
                    space.write(w, lane, at, type.bytes(), operator.applyAsLong(type.integer(before), operand));
                }
                if (to >= 0) {
                    w.registers[to + lane] = before;
                }
            }
        };
    }

    private static LongBinaryOperator operator(Set<String> modifiers, PtxType type) {
        if (type.isFloat()) {
            throw new PtxException("an atomic on floats: its result depends on the order of threads");
        }
        return modifiers.contains("add") ? Long::sum
                : modifiers.contains("or") ? (a, b) -> a | b
                : modifiers.contains("max") && type.isSigned() ? (a, b) -> Math.max(a, type.integer(b))
                : modifiers.contains("max") ? (a, b) -> largerUnsigned(a, type.integer(b))
                : modifiers.contains("inc") ? (a, b) -> a >= type.integer(b) ? 0 : a + 1
                : unknown(modifiers);
    }

    private static long largerUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }

    private static LongBinaryOperator unknown(Set<String> modifiers) {
        throw new PtxException("atomic " + modifiers);
    }
}
