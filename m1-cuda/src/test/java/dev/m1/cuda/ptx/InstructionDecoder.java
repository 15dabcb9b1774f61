package dev.m1.cuda.ptx;

import dev.m1.cuda.ptx.Instruction.Effect;
import dev.m1.cuda.ptx.Instruction.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** From the text of an instruction to what it does. */
final class InstructionDecoder {
    private InstructionDecoder() {}

    static Instruction decode(
            String text, int guard, boolean unless, String opcode, List<Operand> operands, int target) {
        String[] parts = opcode.split("\\.|::");
        String name = parts[0];
        Set<String> modifiers = new TreeSet<>();
        List<PtxType> types = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            PtxType type = PtxType.of(parts[i]);
            if (type == null) {
                modifiers.add(parts[i]);
            } else {
                types.add(type);
            }
        }
        Kind kind = switch (name) {
            case "bra" -> Kind.BRANCH;
            case "ret", "exit" -> Kind.EXIT;
            case "bar", "barrier" -> opcode.equals("bar.warp.sync") ? Kind.TOGETHER : Kind.BARRIER;
            case "shfl", "vote", "mma", "ldmatrix" -> Kind.TOGETHER;
            default -> Kind.PLAIN;
        };
        Effect effect = switch (kind) {
            case PLAIN -> plain(name, modifiers, types, operands, parts);
            case TOGETHER -> Together.effect(name, parts, operands);
            case BARRIER -> barrier(opcode);
            default -> null;
        };
        return new Instruction(text, guard, unless, kind, target, effect);
    }

    private static Effect barrier(String opcode) {
        if (!opcode.equals("bar.sync") && !opcode.equals("barrier.sync")) {
            throw new PtxException("barrier " + opcode);
        }
        return null;
    }

    private static Effect plain(
            String name, Set<String> modifiers, List<PtxType> types, List<Operand> operands, String[] parts) {
        return switch (name) {
            case "membar", "fence" -> (w, mask) -> { }; // lanes run one after the other
            case "griddepcontrol" -> (w, mask) -> { }; // and so do kernels
            case "prefetch" -> MemoryAccess.prefetch(modifiers, operands.get(0));
            case "mov" -> mov(types.get(0), operands);
            case "cvta" -> unary(operands, (a, b, c) -> a); // one address space: offsets into shared memory are kept
            case "ld" -> MemoryAccess.load(modifiers, types.get(0), operands);
            case "st" -> MemoryAccess.store(modifiers, types.get(0), operands);
            case "atom" -> MemoryAccess.atomic(modifiers, types.get(0), operands);
            case "cp" -> AsyncCopy.effect(parts, operands);
            case "cvt" -> unary(operands, Arithmetic.conversion(modifiers, types.get(0), types.get(1)));
            case "setp" -> comparison(parts, types.get(0), operands);
            case "bfi" -> insert(operands);
            case "selp" -> unary(operands, (a, b, c) -> (c & 1) != 0 ? a : b);
            default -> {
                Arithmetic.Function function = Arithmetic.function(name, modifiers, types.get(0));
                if (function == null) {
                    throw new PtxException("unknown instruction " + name);
                }
                yield unary(operands, function);
            }
        };
    }

    private static Effect comparison(String[] parts, PtxType type, List<Operand> operands) {
        if (parts.length != 3) {
            throw new PtxException("setp with a second condition is not covered");
        }
        return unary(operands, Arithmetic.comparison(parts[1], type));
    }

    /** One result of up to three operands. */
    private static Effect unary(List<Operand> operands, Arithmetic.Function function) {
        int to = Operand.target(operands.get(0)) * Warp.LANES;
        Operand a = operands.get(1);
        Operand b = operands.size() > 2 ? operands.get(2) : new Operand.Immediate(0);
        Operand c = operands.size() > 3 ? operands.get(3) : new Operand.Immediate(0);
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                w.registers[to + lane] = function.of(a.value(w, lane), b.value(w, lane), c.value(w, lane));
            }
        };
    }

    /** {@code bfi.b32 to, from, into, position, length}: the lowest bits of one word put into another. */
    private static Effect insert(List<Operand> operands) {
        int to = Operand.target(operands.get(0)) * Warp.LANES;
        return (w, mask) -> {
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                int position = (int) operands.get(3).value(w, lane);
                long field = (1L << operands.get(4).value(w, lane)) - 1 << position;
                long from = operands.get(1).value(w, lane) << position;
                w.registers[to + lane] = operands.get(2).value(w, lane) & ~field | from & field;
            }
        };
    }

    /** A move, or with a vector on one side: packing and unpacking, lowest bits first. */
    private static Effect mov(PtxType type, List<Operand> operands) {
        Operand to = operands.get(0);
        Operand from = operands.get(1);
        if (to instanceof Operand.Vector parts) {
            int bits = type.bits / parts.elements().size();
            return (w, mask) -> {
                for (int left = mask; left != 0; left &= left - 1) {
                    int lane = Integer.numberOfTrailingZeros(left);
                    long value = from.value(w, lane);
                    for (int i = 0; i < parts.elements().size(); i++) {
                        long part = value >>> i * bits & (1L << bits) - 1;
                        w.registers[Operand.target(parts.elements().get(i)) * Warp.LANES + lane] = part;
                    }
                }
            };
        }
        if (from instanceof Operand.Vector parts) {
            int bits = type.bits / parts.elements().size();
            int register = Operand.target(to) * Warp.LANES;
            return (w, mask) -> {
                for (int left = mask; left != 0; left &= left - 1) {
                    int lane = Integer.numberOfTrailingZeros(left);
                    long value = 0;
                    for (int i = 0; i < parts.elements().size(); i++) {
                        value |= (parts.elements().get(i).value(w, lane) & (1L << bits) - 1) << i * bits;
                    }
                    w.registers[register + lane] = value;
                }
            };
        }
        return unary(operands, (a, b, c) -> a);
    }
}
