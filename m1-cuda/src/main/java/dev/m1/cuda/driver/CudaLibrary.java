package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import dev.m1.spi.Availability;
import java.nio.file.Path;

/**
 * The loaded native libraries. A JVM loads each of them at most once, into this class's loader, where the generated
 * bindings find their functions.
 */
public final class CudaLibrary {
    /** Compute capability the kernels are written for. */
    private static final int LEAST_MAJOR = 8;

    /** The driver that understands the PTX version of the kernels: R580, which calls itself CUDA 13.0. */
    private static final int LEAST_DRIVER = 13000;

    private static final Loaded DRIVER = Loaded.first(LibrarySearch.here().driver());

    private CudaLibrary() {}

    /**
     * A library, or why there is none.
     *
     * @param path null if none could be loaded
     * @param cause what was looked for and what went wrong
     */
    record Loaded(Path path, String cause) {
        static Loaded first(LibrarySearch.Result found) {
            StringBuilder failures = new StringBuilder();
            for (Path file : found.files()) {
                try {
                    System.load(file.toAbsolutePath().toString());
                    return new Loaded(file, "");
                } catch (UnsatisfiedLinkError | IllegalCallerException e) {
                    failures.append("; ").append(file).append(" cannot be loaded: ").append(e.getMessage());
                }
            }
            return new Loaded(null, "looked for " + found.lookedFor() + failures);
        }
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
