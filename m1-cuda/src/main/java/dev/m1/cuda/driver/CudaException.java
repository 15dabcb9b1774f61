package dev.m1.cuda.driver;

import dev.m1.errors.BackendException;

/** A CUDA or cuBLAS call that did not succeed: which one, with what code, and what the library says of that code. */
public final class CudaException extends BackendException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int code;
    private final String name;
    private final boolean sticky;

    CudaException(String call, int code, String name, String text, boolean sticky) {
        super(call + ": " + name + " (" + code + "): " + text);
        this.call = call;
        this.code = code;
        this.name = name;
        this.sticky = sticky;
    }

    /** Name of the C function. */
    public String call() {
        return call;
    }

    /** What it returned. */
    public int code() {
        return code;
    }

    /** The code's symbol, for example {@code CUDA_ERROR_OUT_OF_MEMORY}. */
    public String name() {
        return name;
    }

    /** True if the device's context is lost: every later call of it fails too. */
    public boolean sticky() {
        return sticky;
    }
}
