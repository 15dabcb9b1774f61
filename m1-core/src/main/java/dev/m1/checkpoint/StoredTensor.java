package dev.m1.checkpoint;

import java.util.List;

/**
 * One entry of a safetensors header.
 *
 * @param name the checkpoint's name for it
 * @param type element type
 * @param shape sizes, not negative
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long end) {
    long bytes() {
        return end - begin;
    }
}
