package dev.m1.cpu.kernels;

/** Both implementations, for tests outside of the package. */
public final class TestKernels {
    private TestKernels() {}

    public static Kernels scalar() {
        return new ScalarKernels();
    }

    public static Kernels vector() {
        return new VectorKernels();
    }
}
