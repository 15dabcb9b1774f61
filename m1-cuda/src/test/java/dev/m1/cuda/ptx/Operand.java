package dev.m1.cuda.ptx;

import java.util.List;

/** An operand of an instruction. */
sealed interface Operand {
    /** Its value in a lane. */
    default long value(Warp warp, int lane) {
        throw new PtxException("not a value: " + this);
    }

    record Register(int index) implements Operand {
        @Override
        public long value(Warp warp, int lane) {
            return warp.registers[index * Warp.LANES + lane];
        }
    }

    record Immediate(long bits) implements Operand {
        @Override
        public long value(Warp warp, int lane) {
            return bits;
        }
    }

    /** {@code %tid.x} and its like. */
    record Special(String name) implements Operand {
        @Override
        public long value(Warp warp, int lane) {
            return warp.special(name, lane);
        }
    }

    /** {@code [base + offset]}. */
    record Address(Operand base, long offset) implements Operand {
        @Override
        public long value(Warp warp, int lane) {
            return base.value(warp, lane) + offset;
        }
    }

    /** {@code {a, b}}. */
    record Vector(List<Operand> elements) implements Operand {}

    record Label(String name) implements Operand {}

    /** Index of a register that is written. */
    static int target(Operand operand) {
        if (operand instanceof Register register) {
            return register.index();
        }
        throw new PtxException("not a register: " + operand);
    }

    /** Registers or values of a vector, or the operand alone. */
    static List<Operand> elements(Operand operand) {
        return operand instanceof Vector vector ? vector.elements() : List.of(operand);
    }
}
