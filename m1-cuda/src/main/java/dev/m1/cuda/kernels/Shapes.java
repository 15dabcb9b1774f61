package dev.m1.cuda.kernels;

/** The launchers' checks. A failure is a mistake in this module, never in a checkpoint or a request. */
final class Shapes {
    private Shapes() {}

    static void require(boolean ok, String message, Object... values) {
        if (!ok) {
            throw new IllegalArgumentException(String.format(message, values));
        }
    }

    static int ceilDiv(int n, int size) {
        return (n + size - 1) / size;
    }
}
