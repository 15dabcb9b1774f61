package dev.m1.cuda;

import dev.m1.cuda.decoder.CudaDecoder;
import dev.m1.cuda.driver.CudaLibrary;
import dev.m1.errors.BackendException;
import dev.m1.spi.Availability;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;

/** The backend named {@code cuda}: an NVIDIA device of compute capability 8.0 or newer, reached through its driver. */
public final class CudaDecoderProvider implements DecoderProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CudaDecoderProvider() {}

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Availability probe() {
        return CudaLibrary.probe();
    }

    @Override
    public Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        if (limits.weights() == WeightType.Q8) {
            throw new BackendException("backend cuda: the option weights=" + limits.weights()
                    + " is not supported, weights are used as stored; open the model with weights="
                    + WeightType.STORED + " or on backend cpu");
        }
        Availability availability = probe();
        if (!availability.available()) {
            throw new BackendException("backend cuda: " + availability.detail());
        }
        return CudaDecoder.open(spec, weights, limits);
    }
}
