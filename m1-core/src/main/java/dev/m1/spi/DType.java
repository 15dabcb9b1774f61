package dev.m1.spi;

/** Element type of a weight tensor as stored in the checkpoint, little-endian. */
public enum DType {
    /** bfloat16: the upper 16 bits of an IEEE binary32. */
    BF16(2),
    /** IEEE binary16. */
    F16(2),
    /** IEEE binary32. */
    F32(4);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
