package dev.m1.cuda.kernels;

import dev.m1.spi.Limits.KvType;
import java.util.Locale;

/**
 * Keys and values in device memory, {@code [pages, layers, 2 (keys, values), kvHeads, PAGE_TOKENS, headStride]}.
 *
 * @param address of page 0
 * @param layers decoder layers
 * @param kvHeads heads of keys, and of values
 * @param headDim elements of a head
 * @param type of the elements
 */
public record KvPool(long address, int layers, int kvHeads, int headDim, KvType type) {
    /** Tokens of a page. */
    public static final int PAGE_TOKENS = 64;

    /** Elements from token to token. */
    public int headStride() {
        return Shapes.ceilDiv(headDim, 8) * 8;
    }

    /** Elements from one layer's keys to the next layer's. */
    public long layerStride() {
        return 2L * kvHeads * PAGE_TOKENS * headStride();
    }

    /** Elements from page to page. */
    public long pageStride() {
        return layers * layerStride();
    }

    /** Bytes of a page. */
    public long pageBytes() {
        return pageStride() * (type == KvType.F32 ? Float.BYTES : Short.BYTES);
    }

    /** How symbols name the element type. */
    String suffix() {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
