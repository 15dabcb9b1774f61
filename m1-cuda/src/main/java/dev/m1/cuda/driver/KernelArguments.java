package dev.m1.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The values a kernel is launched with, laid out once as {@code cuLaunchKernel} reads them. */
public final class KernelArguments {
    private final MemorySegment pointers; // [arguments], each the address of a value

    private KernelArguments(MemorySegment pointers) {
        this.pointers = pointers;
    }

    /** Collects values in the order of the kernel's parameters. They live as long as the arena. */
    public static Builder in(Arena arena) {
        return new Builder(arena);
    }

    MemorySegment pointers() {
        return pointers;
    }

    /** Collects the values of one kernel. */
    public static final class Builder {
        private final Arena arena;
        private final List<MemorySegment> values = new ArrayList<>();

        private Builder(Arena arena) {
            this.arena = arena;
        }

        /** A device address, or 0 for none. */
        public Builder pointer(long address) {
            return wide(address);
        }

        /** A {@code long long}. */
        public Builder wide(long value) {
            values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, value));
            return this;
        }

        /** An {@code int}. */
        public Builder number(int value) {
            values.add(arena.allocateFrom(ValueLayout.JAVA_INT, value));
            return this;
        }

        /** A {@code float}. */
        public Builder real(float value) {
            values.add(arena.allocateFrom(ValueLayout.JAVA_FLOAT, value));
            return this;
        }

        /** A struct, as it lies in memory. */
        public Builder struct(byte[] value) {
            MemorySegment copy = arena.allocate(value.length, ValueLayout.JAVA_LONG.byteAlignment());
            values.add(copy.copyFrom(MemorySegment.ofArray(value)));
            return this;
        }

        public KernelArguments build() {
            MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, values.size());
            for (int i = 0; i < values.size(); i++) {
                pointers.setAtIndex(ValueLayout.ADDRESS, i, values.get(i));
            }
            return new KernelArguments(pointers);
        }
    }
}
