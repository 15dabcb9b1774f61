package dev.m1.cuda.decoder;

import dev.m1.spi.Limits;

/** The names of the options this backend understands, {@code ModelOptions.builder().backendOption(name, value)}. */
public final class CudaOptions {
    /** {@code true}: kernels are launched one by one, without captured graphs; slower, for debuggers and profilers. */
    public static final String EAGER = "M1_CUDA_EAGER";

    /**
     * {@code false}: bfloat16 weights are multiplied without tensor cores. The results differ in their last bits from
     * those with them, and are as independent of the batch.
     */
    public static final String TENSOR_CORES = "M1_CUDA_TENSOR_CORES";

    private CudaOptions() {}

    static boolean eager(Limits limits) {
        return flag(limits, EAGER, "false");
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
