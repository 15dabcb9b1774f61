package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.spi.Limits;

/** The names of the options this backend understands, {@code ModelOptions.builder().backendOption(name, value)}. */
public final class CudaOptions {
    /** {@code true}: kernels are launched one by one, without captured graphs; slower, for debuggers and profilers. */
    public static final String EAGER = "M1_CUDA_EAGER";

    /**
     * {@code false}: bfloat16 weights and a bfloat16 KV cache are multiplied without tensor cores. The results differ
     * in their last bits from those with them, and are as independent of the batch.
     */
    public static final String TENSOR_CORES = "M1_CUDA_TENSOR_CORES";

    /**
     * {@code false}: queries, keys and values are rotated and put into the cache by a kernel of their own behind their
     * projection, as models with head norms (Qwen3) have it anyway. The results have the same bits.
     */
    public static final String FUSED_APPEND = "M1_CUDA_FUSED_APPEND";

    /**
     * {@code true}: a kernel may begin while the one before it still runs, ask for its first weights, and wait then.
     * Needs a device of compute capability 9.0 or newer. The results have the same bits.
     */
    public static final String DEPENDENT_LAUNCH = "M1_CUDA_DEPENDENT_LAUNCH";

    /**
     * Who multiplies the matrices of a step that is too large for a graph and has at least {@link #PREFILL_TOKENS}
     * tokens: {@code kernels} (the default), or cuBLASLt, which must be installed then: {@code cublaslt}, as accurate,
     * or {@code cublaslt-bf16}, with activations rounded to bfloat16. With cuBLASLt a row's result still does not
     * depend on the rows beside it in a step of the same bucket of sizes, but a prefill and decoding differ in their
     * last bits, so sweeps and forks equal separate runs only within rounding. Matrices that are not stored as
     * bfloat16, and the LM head, keep the kernels.
     */
    public static final String PREFILL = "M1_CUDA_PREFILL";

    /** Least tokens of a step that {@link #PREFILL} applies to; 128 unless said otherwise. */
    public static final String PREFILL_TOKENS = "M1_CUDA_PREFILL_TOKENS";

    private CudaOptions() {}

    static Prefill prefill(Limits limits) {
        Prefill prefill = Prefill.of(limits.options().getOrDefault(PREFILL, Prefill.KERNELS.value()));
        if (prefill != Prefill.KERNELS && !tensorCores(limits)) {
            throw new IllegalArgumentException(
                    PREFILL + "=" + prefill.value() + " uses tensor cores, which " + TENSOR_CORES + "=false forbids");
        }
        return prefill;
    }

    static int prefillTokens(Limits limits) {
        String value = limits.options().getOrDefault(PREFILL_TOKENS, "128");
        try {
            int tokens = Integer.parseInt(value);
            if (tokens > 0) {
                return tokens;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(notANumber(value), e);
        }
        throw new IllegalArgumentException(notANumber(value));
    }

    private static String notANumber(String value) {
        return PREFILL_TOKENS + " must be a number of tokens above 0, got " + value;
    }

    static boolean eager(Limits limits) {
        return flag(limits, EAGER, "false");
    }

    static boolean fusedAppend(Limits limits) {
        return flag(limits, FUSED_APPEND, "true");
    }

    /** @throws IllegalArgumentException if the device cannot do what is asked for */
    static boolean dependentLaunch(Limits limits, CudaDevice device) {
        boolean wanted = flag(limits, DEPENDENT_LAUNCH, "false");
        if (wanted && !Kernels.canDepend(device)) {
            throw new IllegalArgumentException(
                    DEPENDENT_LAUNCH + "=true needs a device of compute capability 9.0 or newer, this is " + device);
        }
        return wanted;
    }

    static boolean tensorCores(Limits limits) {
        return flag(limits, TENSOR_CORES, "true");
    }

    private static boolean flag(Limits limits, String name, String usual) {
        String value = limits.options().getOrDefault(name, usual);
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false, got " + value);
        };
    }
}
