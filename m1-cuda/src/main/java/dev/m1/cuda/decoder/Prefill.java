package dev.m1.cuda.decoder;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Who multiplies the matrices of large steps: the values of {@link CudaOptions#PREFILL}. */
enum Prefill {
    /** This library's kernels, which give a row the same bits in every step. */
    KERNELS("kernels", 0),
    /** cuBLASLt, activations in three bfloat16 parts whose sum is the float. */
    CUBLASLT("cublaslt", 3),
    /** cuBLASLt, activations rounded to bfloat16. */
    CUBLASLT_BF16("cublaslt-bf16", 1);

    private final String value;
    private final int parts;

    Prefill(String value, int parts) {
        this.value = value;
        this.parts = parts;
    }

    static Prefill of(String value) {
        return Arrays.stream(values())
                .filter(p -> p.value.equals(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(CudaOptions.PREFILL + " must be one of "
                        + Arrays.stream(values()).map(Prefill::value).collect(Collectors.joining(", ")) + ", got "
                        + value));
    }

    /** How the option spells it. */
    String value() {
        return value;
    }

    /** Parts of an activation that a library multiplies. */
    int parts() {
        return parts;
    }
}
