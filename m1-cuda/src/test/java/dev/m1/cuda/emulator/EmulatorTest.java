package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.cuda.emulator.EmulatedGpu.Schedule;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The emulated device notices the mistakes that kernels have: each of broken.cu's kernels has one. */
class EmulatorTest {
    /** What the driver reads of a module: names and parameters. */
    private static final String PTX = """
            .version 9.0
            .visible .entry broken_missing_barrier(.param .u64 out) {}
            .visible .entry broken_divergent_barrier(.param .u64 out) {}
            .visible .entry broken_divergent_shuffle(.param .u64 out) {}
            .visible .entry broken_uninitialised(.param .u64 out) {}
            .visible .entry broken_missing_wait(.param .u64 in, .param .u64 out) {}
            .visible .entry broken_overrun(.param .u64 out, .param .u32 n) {}
            .visible .entry broken_order(.param .u64 out) {}
            .visible .entry broken_not_first(.param .u64 out) {}
            .visible .entry broken_early_read(.param .u64 from, .param .u64 out) {}
            .visible .entry broken_early_write(.param .u64 out) {}
            .visible .entry broken_early_end(.param .u64 out) {}
            """;

    private static EmulatedGpu gpu(Schedule schedule) {
        return new EmulatedGpu(Emulator.require(), PTX, schedule, 7);
    }

    @Test
    void aMissingBarrierGivesWrongValuesInEveryOrder() {
        for (Schedule schedule : Schedule.values()) {
            try (EmulatedGpu gpu = gpu(schedule)) {
                MemorySegment out = gpu.allocate(4 * 256);
                gpu.launch("broken_missing_barrier", 1, 1, 256, 0, out);
                float[] expected = new float[256];
                for (int i = 0; i < 256; i++) {
                    expected[i] = (i + 37) % 256;
                }
                assertThat(Buffers.floats(out, 256)).as("%s", schedule).isNotEqualTo(expected);
            }
        }
    }

    @Test
    void divergentBarriersAndShufflesAreNamed() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            MemorySegment out = gpu.allocate(4 * 128);
            assertThatThrownBy(() -> gpu.launch("broken_divergent_barrier", 1, 1, 128, 0, out))
                    .hasMessageContaining("different kinds of __syncthreads").hasMessageContaining("719");
            assertThatThrownBy(() -> gpu.launch("broken_divergent_shuffle", 1, 1, 64, 0, out))
                    .hasMessageContaining("threads wait for ever")
                    .hasMessageContaining("broken_divergent_shuffle")
                    .hasMessageContaining("a warp operation in");
        }
    }

    @Test
    void sharedMemoryIsNotZero() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            MemorySegment out = gpu.allocate(4 * 64);
            gpu.launch("broken_uninitialised", 2, 1, 64, 0, out);
            assertThat(Buffers.floats(out, 64)).containsOnly(Float.NaN);
        }
    }

    @Test
    void aCopyIsNotThereBeforeItIsWaitedFor() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            MemorySegment out = gpu.allocate(4 * 32);
            gpu.launch("broken_missing_wait", 1, 1, 32, 0, Buffers.floats(gpu, new float[128]), out);
            assertThat(Buffers.floats(out, 32)).containsOnly(Float.NaN);
        }
    }

    @Test
    void anOverrunIsNamed() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            MemorySegment out = gpu.allocate(4 * 17);
            gpu.launch("broken_overrun", 1, 1, 64, 0, out, 16);
            assertThatThrownBy(() -> gpu.launch("broken_overrun", 1, 1, 64, 0, out, 17))
                    .hasMessageContaining("broken_overrun wrote 0 bytes beyond the end of 68")
                    .hasMessageContaining("700");
        }
    }

    /** One that reads too early gets what was there before; one that writes too early is overwritten. */
    @Test
    void aKernelThatDoesNotWaitForTheOneBeforeItIsWrong() {
        for (Schedule schedule : Schedule.values()) {
            try (EmulatedGpu gpu = gpu(schedule)) {
                float[] zeros = new float[64];
                MemorySegment from = Buffers.floats(gpu, zeros);
                MemorySegment out = Buffers.floats(gpu, zeros);
                Runnable first = () -> gpu.enqueue("broken_not_first", 1, 1, 64, 0, from);
                gpu.launchDependent(first, "broken_early_read", 1, 64, from, out);
                assertThat(Buffers.floats(from, 64)).containsOnly(1);
                assertThat(Buffers.floats(out, 64)).as("%s", schedule).containsOnly(0);
                gpu.launchDependent(first, "broken_early_write", 1, 64, from);
                assertThat(Buffers.floats(from, 64)).as("%s", schedule).containsOnly(1);
                gpu.launchDependent(first, "broken_not_first", 3, 64, out); // as it should be
                assertThat(Buffers.floats(out, 64)).containsOnly(1);
            }
        }
    }

    @Test
    void aThreadThatEndsWithoutWaitingIsNamed() {
        try (EmulatedGpu gpu = gpu(Schedule.RANDOM)) {
            MemorySegment out = gpu.allocate(4 * 64);
            Runnable first = () -> gpu.enqueue("broken_not_first", 1, 1, 64, 0, out);
            assertThatThrownBy(() -> gpu.launchDependent(first, "broken_early_end", 9, 64, out))
                    .hasMessageContaining("ended without waiting").hasMessageContaining("broken_early_end");
        }
    }

    @Test
    void aDependentLaunchBehindACopyIsRefused() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            MemorySegment out = gpu.allocate(4 * 64);
            assertThatThrownBy(() -> gpu.launchDependent(() -> gpu.zero(out), "broken_not_first", 1, 64, out))
                    .hasMessageContaining("no kernel");
        }
    }

    @Test
    void aKernelWithOtherParametersThanItsPtxIsRefused() {
        String other = PTX.replace("broken_order(.param .u64", "broken_order(.param .u32");
        try (EmulatedGpu gpu = new EmulatedGpu(Emulator.require(), other, Schedule.FORWARD, 7)) {
            assertThatThrownBy(() -> gpu.launch("broken_order", 1, 1, 32, 0, gpu.allocate(4)))
                    .hasMessageContaining("other parameters");
        }
    }

    @Test
    void aLaunchBeyondTheLimitsIsRefused() {
        try (EmulatedGpu gpu = gpu(Schedule.FORWARD)) {
            assertThatThrownBy(() -> gpu.launch("broken_uninitialised", 1, 1, 1056, 0, gpu.allocate(4)))
                    .hasMessageContaining("limits");
        }
    }

    /** A sum of floats in the order of blocks differs between the schedules, and is the same in each run of one. */
    @Test
    void aSumThatDependsOnTheOrderDiffers() {
        Set<Float> sums = new HashSet<>();
        for (Schedule schedule : Schedule.values()) {
            float first = sum(schedule);
            assertThat(sum(schedule)).isEqualTo(first);
            sums.add(first);
        }
        assertThat(sums).hasSize(3);
    }

    private static float sum(Schedule schedule) {
        try (EmulatedGpu gpu = gpu(schedule)) {
            MemorySegment out = Buffers.floats(gpu, 0);
            gpu.launch("broken_order", 1000, 1, 32, 0, out);
            return Buffers.floats(out, 1)[0];
        }
    }
}
