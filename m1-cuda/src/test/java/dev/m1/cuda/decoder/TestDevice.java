package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaLibrary;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.spi.Decoder;

/**
 * The device that a test runs on: the emulated one, or, with the system property {@code m1.test.device=real}, this
 * machine's. Tests that need the emulation's switches ask for {@link EmulatedDriver} instead.
 */
public final class TestDevice {
    private TestDevice() {}

    /** Whether it is a real one. */
    static boolean real() {
        return System.getProperty("m1.test.device", "emulated").equals("real");
    }

    /** Nanoseconds that a decoder's steps have waited for the device. */
    public static long waitedNanos(Decoder decoder) {
        return ((CudaDecoder) decoder).waitedNanos();
    }

    /** Whether its kernels can begin early; the emulated one becomes a device whose kernels can. */
    public static boolean dependentLaunches() {
        require();
        if (!real()) {
            EmulatedDriver.require().capability(90);
        }
        return Kernels.canDepend(CudaDevice.of(0));
    }

    /** Makes sure there is one, or skips the test. */
    public static void require() {
        if (real()) {
            assertThat(CudaLibrary.probe().available()).as(CudaLibrary.probe().detail()).isTrue();
        } else {
            EmulatedDriver.require();
        }
    }
}
