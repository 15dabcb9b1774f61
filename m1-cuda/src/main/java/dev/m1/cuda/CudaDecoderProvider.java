package dev.m1.cuda;

import dev.m1.errors.BackendException;
import dev.m1.spi.Availability;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;

/** The backend named {@code cuda}. Its decoder is not part of this build yet, and {@link #probe()} says so. */
public final class CudaDecoderProvider implements DecoderProvider {
    private static final Availability AVAILABILITY =
            Availability.no("this build of m1 has no CUDA decoder yet; use the backend \"cpu\"");

    /** For {@link java.util.ServiceLoader}. */
    public CudaDecoderProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability probe() {
        return AVAILABILITY;
    }

    @Override
    public Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        throw new BackendException("backend cuda: " + AVAILABILITY.detail());
    }
}
