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

    private Kernels(CudaModule module) {
        this.module = module;
    }

    /** Loads the PTX of this jar into the calling thread's context. */
    public static Kernels load() {
        try (InputStream in = Kernels.class.getResourceAsStream(PTX)) {
            if (in == null) {
                throw new BackendException("cuda: " + PTX + " is missing from the jar");
            }
            return new Kernels(CudaModule.load(in.readAllBytes()));
        } catch (IOException e) {
            throw new BackendException("cuda: " + PTX + " cannot be read", e);
        }
    }

    /** A kernel by its symbol. */
    CudaKernel kernel(String symbol) {
        return module.kernel(symbol);
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
