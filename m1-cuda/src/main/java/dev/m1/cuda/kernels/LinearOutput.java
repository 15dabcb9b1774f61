package dev.m1.cuda.kernels;

/**
 * What becomes of the results {@code v = W norm(x) + b} of a linear layer.
 *
 * @param y {@code [tokens, outputs]}
 * @param mode how they reach it
 * @param kv where keys and values go, or null
 */
public record LinearOutput(Activations y, Mode mode, KvTarget kv) {
    /** How results reach {@code y}; the order is that of {@code LinearMode} in {@code linear.cuh}. */
    public enum Mode {
        /** {@code y = v}. */
        STORE,
        /** {@code y += v}, the residual. */
        ADD,
        /** {@code y[i] = silu(v[2i]) * v[2i + 1]}: gate and up rows alternate. */
        SILU_TIMES,
        /** Queries, rotated, to y; keys, rotated, and values into the cache, and not to y. */
        ROTATE_APPEND
    }

    /** {@code y = v}. */
    public static LinearOutput store(Activations y) {
        return new LinearOutput(y, Mode.STORE, null);
    }

    /** {@code y += v}. */
    public static LinearOutput add(Activations y) {
        return new LinearOutput(y, Mode.ADD, null);
    }

    /** {@code y[i] = silu(v[2i]) * v[2i + 1]}. */
    public static LinearOutput siluTimes(Activations y) {
        return new LinearOutput(y, Mode.SILU_TIMES, null);
    }

    /** What {@link RopeAppend} does without head norms, without a kernel of its own. */
    public static LinearOutput rotateAppend(Activations y, KvTarget kv) {
        Shapes.require(y.width() == kv.width(), "queries, keys and values of %d in %d", kv.width(), y.width());
        return new LinearOutput(y, Mode.ROTATE_APPEND, kv);
    }

    /** Results that a matrix must have. */
    int results() {
        return mode == Mode.SILU_TIMES ? 2 * y.width() : y.width();
    }

    /** The kernels' last parameter. */
    byte[] kvStruct() {
        return kv == null ? KvTarget.none() : kv.struct();
    }
}
