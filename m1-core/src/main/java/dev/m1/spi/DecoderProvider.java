package dev.m1.spi;

/** A compute backend, found with {@link java.util.ServiceLoader}. */
public interface DecoderProvider {
    /** Short name a host selects it by: {@code cpu}, {@code cuda}. */
    String name();

    /** Whether it can run here, and why not. Cheap, never throws, may be called before any model is opened. */
    Availability probe();

    /**
     * Loads a model. The weight source stays open for the decoder's life.
     *
     * @throws dev.m1.errors.BackendException if the model does not fit (both numbers are named) or the device fails
     */
    Decoder open(ModelSpec spec, WeightSource weights, Limits limits);
}
