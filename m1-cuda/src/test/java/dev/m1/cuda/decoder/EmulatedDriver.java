package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.driver.CudaLibrary;
import dev.m1.cuda.emulator.Emulator;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * The emulated driver under m1's own host code, and the switches it has beside the driver's functions. A JVM loads one
 * driver, so every test that reaches the device asks here first; without a C++ compiler they are skipped.
 */
public final class EmulatedDriver {
    /** Order in which the emulation runs a block's threads, and the blocks. */
    public enum Schedule {
        FORWARD,
        REVERSE,
        RANDOM
    }

    private final SymbolLookup library;

    private EmulatedDriver(SymbolLookup library) {
        this.library = library;
    }

    /** Builds and loads it, or skips the test. */
    public static EmulatedDriver require() {
        Emulator emulator = Emulator.require();
        System.setProperty("m1.cuda.driver", emulator.driver().toAbsolutePath().toString());
        System.setProperty("m1.cuda.cublas", emulator.cublas().toAbsolutePath().toString());
        assertThat(CudaLibrary.probe().available()).as(CudaLibrary.probe().detail()).isTrue();
        return new EmulatedDriver(SymbolLookup.libraryLookup(emulator.driver(), Arena.global()));
    }

    public void schedule(Schedule schedule, int seed) {
        call("m1emu_set_schedule", schedule.ordinal(), seed);
    }

    /** Compute capability of the device, 80 for 8.0, which is what it has at first. */
    public void capability(int capability) {
        call("m1emu_set_capability", capability);
    }

    /** Launches so far that have begun before the kernel ahead of them had run. */
    public int begunEarly() {
        return (int) invoke("m1emu_begun", ValueLayout.JAVA_INT);
    }

    /** Objects of the driver that were made and not yet destroyed. */
    public int liveObjects() {
        return (int) invoke("m1emu_live_objects", ValueLayout.JAVA_INT);
    }

    /** Lets the call of a name fail, after so many more of it succeeded. */
    public void failNext(String name, int code, int after) {
        try (Arena arena = Arena.ofConfined()) {
            call("m1emu_fail_next", arena.allocateFrom(name), code, after);
        }
    }

    /** Forgets a sticky error and pending failures. */
    public void clearError() {
        call("m1emu_clear_error");
    }

    /** Sizes of the device's memory, in bytes. */
    public void memory(long total, long free) {
        call("m1emu_set_memory", total, free);
    }

    private void call(String name, Object... arguments) {
        invoke(name, null, arguments);
    }

    private Object invoke(String name, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer ignored -> ValueLayout.JAVA_INT;
                case Long ignored -> ValueLayout.JAVA_LONG;
                case MemorySegment ignored -> ValueLayout.ADDRESS;
                default -> throw new IllegalArgumentException(name);
            };
        }
        FunctionDescriptor type =
                result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts);
        try {
            return Linker.nativeLinker()
                    .downcallHandle(library.find(name).orElseThrow(), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new IllegalStateException(name, t);
        }
    }
}
