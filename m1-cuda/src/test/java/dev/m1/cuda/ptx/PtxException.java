package dev.m1.cuda.ptx;

/** What a kernel did wrong, or an instruction that the interpreter does not know. */
final class PtxException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    PtxException(String message) {
        super(message);
    }
}
