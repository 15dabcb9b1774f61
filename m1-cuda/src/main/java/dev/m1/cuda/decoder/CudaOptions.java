package dev.m1.cuda.decoder;

import dev.m1.spi.Limits;

/** The names of the options this backend understands, {@code ModelOptions.builder().backendOption(name, value)}. */
public final class CudaOptions {
    /** {@code true}: kernels are launched one by one, without captured graphs; slower, for debuggers and profilers. */
    public static final String EAGER = "M1_CUDA_EAGER";

    private CudaOptions() {}

    static boolean eager(Limits limits) {
        return flag(limits, EAGER);
    }

    private static boolean flag(Limits limits, String name) {
        String value = limits.options().getOrDefault(name, "false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false, got " + value);
        };
    }
}
