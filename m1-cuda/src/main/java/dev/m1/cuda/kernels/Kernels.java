package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaModule;
import dev.m1.errors.BackendException;
import dev.m1.spi.DType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The kernels of this jar, loaded on a device. */
public final class Kernels implements AutoCloseable {
    private static final String PTX = "/dev/m1/cuda/kernels.ptx";
    private static final String PTX_OF_SM90 = "/dev/m1/cuda/kernels-sm90.ptx";

    private final CudaModule module;
    private final boolean tensorCores;
    private final boolean dependent;

    private Kernels(CudaModule module, boolean tensorCores, boolean dependent) {
        this.module = module;
        this.tensorCores = tensorCores;
        this.dependent = dependent;
    }

    /**
     * Loads the PTX of this jar that fits a device into the calling thread's context.
     *
     * @param tensorCores whether matrix products use them where there is such a kernel
     * @param dependent whether kernels may begin before the ones ahead of them have ended; only where {@link
     *     #canDepend} says so
     */
    public static Kernels load(CudaDevice device, boolean tensorCores, boolean dependent) {
        Shapes.require(!dependent || canDepend(device), "%s has no dependent launches", device);
        String ptx = canDepend(device) ? PTX_OF_SM90 : PTX;
        try (InputStream in = Kernels.class.getResourceAsStream(ptx)) {
            if (in == null) {
                throw new BackendException("cuda: " + ptx + " is missing from the jar");
            }
            return new Kernels(CudaModule.load(in.readAllBytes()), tensorCores, dependent);
        } catch (IOException e) {
            throw new BackendException("cuda: " + ptx + " cannot be read", e);
        }
    }

    /** Whether a device's kernels can begin before the ones ahead of them have ended. */
    public static boolean canDepend(CudaDevice device) {
        return device.major() >= 9;
    }

    /** A kernel by its symbol, for launches directly behind another kernel of this jar. */
    CudaKernel kernel(String symbol) {
        return dependent ? first(symbol).dependent() : first(symbol);
    }

    /** A kernel by its symbol, for launches behind anything: they begin when all of it has ended. */
    CudaKernel first(String symbol) {
        return module.kernel(symbol);
    }

    boolean tensorCores() {
        return tensorCores;
    }

    /** How symbols name an element type. */
    static String suffix(DType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        module.close();
    }
}
