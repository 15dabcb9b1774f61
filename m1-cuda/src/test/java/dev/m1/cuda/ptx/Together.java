package dev.m1.cuda.ptx;

import dev.m1.cuda.ptx.Instruction.Effect;
import java.util.List;

/** Instructions in which the lanes of a warp exchange values. */
final class Together {
    private Together() {}

    static Effect effect(String name, String[] parts, List<Operand> operands) {
        if (name.equals("vote") && parts[2].equals("ballot")) {
            return ballot(operands);
        }
        if (name.equals("shfl")) {
            return shuffle(parts[2], operands);
        }
        if (name.equals("bar")) { // bar.warp.sync: lanes run one after the other
            return (w, mask) -> requireAll(w, mask, operands.get(0));
        }
        if (name.equals("ldmatrix")) {
            return loadMatrices(parts, operands);
        }
        if (String.join(".", parts).equals("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32")) {
            return mma(operands);
        }
        throw new PtxException(String.join(".", parts));
    }

    /**
     * {@code c + a b}, rounded once, where a tensor core drops bits on the way. With g = lane / 4 and t = lane % 4, a
     * lane's words of a are rows g and g + 8, columns 2t and 2t + 1, then the same eight columns on; of b, rows 2t and
     * 2t + 1 of column g, then eight rows on; of c, rows g and g + 8, columns 2t and 2t + 1.
     */
    private static Effect mma(List<Operand> operands) {
        List<Operand> to = Operand.elements(operands.get(0));
        return (w, mask) -> {
            if (mask != -1) {
                throw w.wrong("lanes %08x came, all are needed".formatted(mask));
            }
            double[][] a = new double[16][16];
            double[][] b = new double[16][8];
            double[][] c = new double[16][8];
            for (int lane = 0; lane < Warp.LANES; lane++) {
                int g = lane / 4;
                int t = lane % 4;
                for (int i = 0; i < 4; i++) {
                    long word = Operand.elements(operands.get(1)).get(i).value(w, lane);
                    a[g + i % 2 * 8][2 * t + i / 2 * 8] = PtxType.BF16.real(word);
                    a[g + i % 2 * 8][2 * t + i / 2 * 8 + 1] = PtxType.BF16.real(word >>> 16);
                    long sum = Operand.elements(operands.get(3)).get(i).value(w, lane);
                    c[g + i / 2 * 8][2 * t + i % 2] = PtxType.F32.real(sum);
                }
                for (int i = 0; i < 2; i++) {
                    long word = Operand.elements(operands.get(2)).get(i).value(w, lane);
                    b[2 * t + i * 8][g] = PtxType.BF16.real(word);
                    b[2 * t + i * 8 + 1][g] = PtxType.BF16.real(word >>> 16);
                }
            }
            for (int lane = 0; lane < Warp.LANES; lane++) {
                for (int i = 0; i < 4; i++) {
                    int row = lane / 4 + i / 2 * 8;
                    int column = lane % 4 * 2 + i % 2;
                    double sum = c[row][column];
                    for (int k = 0; k < 16; k++) {
                        sum += a[row][k] * b[k][column];
                    }
                    w.registers[Operand.target(to.get(i)) * Warp.LANES + lane] = PtxType.bits((float) sum);
                }
            }
        };
    }

    /**
     * Four 8x8 matrices of 16-bit elements: lane l gives the address of row l % 8 of matrix l / 8, and gets of each
     * matrix two neighbours of row lane / 4, or of column lane / 4 of the transposed form.
     */
    private static Effect loadMatrices(String[] parts, List<Operand> operands) {
        String form = String.join(".", parts);
        boolean transposed = form.equals("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16");
        if (!transposed && !form.equals("ldmatrix.sync.aligned.m8n8.x4.shared.b16")) {
            throw new PtxException(form);
        }
        List<Operand> to = Operand.elements(operands.get(0));
        return (w, mask) -> {
            if (mask != -1) {
                throw w.wrong("lanes %08x came, all are needed".formatted(mask));
            }
            long[][][] matrices = new long[4][8][8];
            for (int lane = 0; lane < Warp.LANES; lane++) {
                long address = operands.get(1).value(w, lane);
                MemoryAccess.requireAligned(w, lane, address, 16);
                for (int i = 0; i < 8; i++) {
                    matrices[lane / 8][lane % 8][i] = w.block.shared.read(w, lane, address + 2L * i, 2) & 0xffff;
                }
            }
            for (int lane = 0; lane < Warp.LANES; lane++) {
                int a = lane / 4;
                int b = lane % 4 * 2;
                for (int i = 0; i < 4; i++) {
                    long[][] m = matrices[i];
                    long low = transposed ? m[b][a] : m[a][b];
                    long high = transposed ? m[b + 1][a] : m[a][b + 1];
                    w.registers[Operand.target(to.get(i)) * Warp.LANES + lane] = low | high << 16;
                }
            }
        };
    }

    private static Effect ballot(List<Operand> operands) {
        int to = Operand.target(operands.get(0)) * Warp.LANES;
        return (w, mask) -> {
            requireAll(w, mask, operands.get(2));
            long all = 0;
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                all |= (operands.get(1).value(w, lane) & 1) << lane;
            }
            for (int left = mask; left != 0; left &= left - 1) {
                w.registers[to + Integer.numberOfTrailingZeros(left)] = all;
            }
        };
    }

    /** {@code shfl.sync.mode.b32 to|inRange, from, b, c, members}. */
    private static Effect shuffle(String mode, List<Operand> operands) {
        int to = Operand.target(operands.get(0)) * Warp.LANES;
        boolean saysInRange = operands.size() == 6;
        int inRange = saysInRange ? Operand.target(operands.get(1)) * Warp.LANES : -1;
        int first = saysInRange ? 2 : 1;
        Operand from = operands.get(first);
        Operand offset = operands.get(first + 1);
        Operand clamp = operands.get(first + 2);
        Operand members = operands.get(first + 3);
        return (w, mask) -> {
            requireAll(w, mask, members);
            long[] values = new long[Warp.LANES];
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                values[lane] = from.value(w, lane);
            }
            for (int left = mask; left != 0; left &= left - 1) {
                int lane = Integer.numberOfTrailingZeros(left);
                int source = source(mode, lane, (int) offset.value(w, lane) & 31, (int) clamp.value(w, lane));
                boolean valid = source >= 0;
                if (valid && (mask >>> source & 1) == 0) {
                    throw w.wrong("a shuffle from lane " + source + ", which takes no part");
                }
                w.registers[to + lane] = values[valid ? source : lane];
                if (inRange >= 0) {
                    w.registers[inRange + lane] = valid ? 1 : 0;
                }
            }
        };
    }

    /** The lane to read from, or -1 if it is out of range. */
    private static int source(String mode, int lane, int b, int c) {
        int segment = c >> 8 & 31;
        int most = lane & segment | c & 31 & ~segment;
        int source = switch (mode) {
            case "up" -> lane - b;
            case "down" -> lane + b;
            case "bfly" -> lane ^ b;
            case "idx" -> lane & segment | b & ~segment;
            default -> throw new PtxException("shfl " + mode);
        };
        return (mode.equals("up") ? source >= most : source <= most) ? source : -1;
    }

    private static void requireAll(Warp w, int mask, Operand members) {
        for (int left = mask; left != 0; left &= left - 1) {
            int named = (int) members.value(w, Integer.numberOfTrailingZeros(left)) & w.lanesThatExist();
            if (named != mask) {
                throw w.wrong("lanes %08x are named but %08x came".formatted(named, mask));
            }
        }
    }
}
