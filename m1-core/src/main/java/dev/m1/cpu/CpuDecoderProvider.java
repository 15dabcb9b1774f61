package dev.m1.cpu;

import dev.m1.cpu.kernels.KernelSelection;
import dev.m1.spi.Availability;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;

/** The CPU backend {@code cpu}: plain Java, fast with the Vector API, available everywhere. */
public final class CpuDecoderProvider implements DecoderProvider {
    /** For {@link java.util.ServiceLoader}. */
    public CpuDecoderProvider() {}

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public Availability probe() {
        return Availability.yes(KernelSelection.vectorApiPresent()
                ? "Vector API"
                : "scalar kernels; start the JVM with " + KernelSelection.FLAG + " for fast ones");
    }

    @Override
    public Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        return CpuDecoder.open(spec, weights, limits, KernelSelection.best());
    }
}
