package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import dev.m1.spi.Availability;

/**
 * The loaded native libraries. A JVM loads each of them at most once, into this class's loader, where the generated
 * bindings find their functions.
 */
public final class CudaLibrary {
    /** Compute capability the kernels are written for. */
    private static final int LEAST_MAJOR = 8;

    /** The driver that understands the PTX version of the kernels: R580, which calls itself CUDA 13.0. */
    private static final int LEAST_DRIVER = 13000;

    private static final NativeLibrary DRIVER = NativeLibrary.first(LibrarySearch.here().driver());

    private CudaLibrary() {}

    /** Looked for when somebody asks for it: most do not need it. */
    private static final class CublasLt {
        static final NativeLibrary LIBRARY = NativeLibrary.first(LibrarySearch.here().cublasLt());

        private CublasLt() {}
    }

    /**
     * Loads cuBLASLt.
     *
     * @param reason who needs it
     * @throws dev.m1.errors.BackendException saying what was looked for, if there is none
     */
    public static void requireCublasLt(String reason) {
        CublasLt.LIBRARY.require(reason + " needs cuBLASLt");
    }

    /** Whether a device is there that can run the kernels; says what was looked for, or what was found. */
    public static Availability probe() {
        if (DRIVER.path() == null) {
            return Availability.no("no NVIDIA driver: " + DRIVER.cause());
        }
        try {
            return probeDriver();
        } catch (CudaException e) {
            return Availability.no("the NVIDIA driver " + DRIVER.path() + " does not start: " + e.getMessage());
        } catch (LinkageError e) {
            return Availability.no("the NVIDIA driver " + DRIVER.path() + " lacks a function: " + e.getMessage());
        }
    }

    private static Availability probeDriver() {
        Cuda.check(CudaDriver.cuInit(0), "cuInit");
        int version = Cuda.intOf("cuDriverGetVersion", CudaDriver::cuDriverGetVersion);
        if (version < LEAST_DRIVER) {
            return Availability.no("the NVIDIA driver " + DRIVER.path() + " is for CUDA " + text(version)
                    + ", the kernels need " + text(LEAST_DRIVER) + " (R580) or newer");
        }
        if (CudaDevice.count() == 0) {
            return Availability.no("the NVIDIA driver " + DRIVER.path() + " shows no device");
        }
        CudaDevice device = CudaDevice.of(0);
        if (device.major() < LEAST_MAJOR) {
            return Availability.no(device + ": the kernels need compute capability " + LEAST_MAJOR + ".0 or newer");
        }
        return Availability.yes(device + ", driver for CUDA " + text(version) + " (" + DRIVER.path() + ")");
    }

    private static String text(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
