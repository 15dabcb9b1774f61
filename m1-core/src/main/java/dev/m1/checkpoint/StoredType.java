package dev.m1.checkpoint;

import dev.m1.spi.DType;

/** The element types of the safetensors format (variants of {@code Dtype} in its Rust implementation, 0.8). */
enum StoredType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F8_E4M3FNUZ(8),
    F8_E5M2FNUZ(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    StoredType(int bits) {
        this.bits = bits;
    }

    /** Size of one element. */
    int bits() {
        return bits;
    }

    /** The type as a model weight, or null where it cannot be one. */
    DType weightType() {
        return switch (this) {
            case BF16 -> DType.BF16;
            case F16 -> DType.F16;
            case F32 -> DType.F32;
            default -> null;
        };
    }

    /** The type of this name, exact in case; null if there is none. */
    static StoredType named(String name) {
        for (StoredType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }
}
