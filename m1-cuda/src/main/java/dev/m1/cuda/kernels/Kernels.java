package dev.m1.cuda.kernels;

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

    private final CudaModule module;
    private final boolean tensorCores;

    private Kernels(CudaModule module, boolean tensorCores) {
        this.module = module;
        this.tensorCores = tensorCores;
    }

    /**
     * Loads the PTX of this jar into the calling thread's context.
     *
     * @param tensorCores whether matrix products use them where there is such a kernel
     */
    public static Kernels load(boolean tensorCores) {
        try (InputStream in = Kernels.class.getResourceAsStream(PTX)) {
            if (in == null) {
                throw new BackendException("cuda: " + PTX + " is missing from the jar");
            }
            return new Kernels(CudaModule.load(in.readAllBytes()), tensorCores);
        } catch (IOException e) {
            throw new BackendException("cuda: " + PTX + " cannot be read", e);
        }
    }

    /** A kernel by its symbol. */
    CudaKernel kernel(String symbol) {
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
