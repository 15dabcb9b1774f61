package dev.m1.spi;

/**
 * Where a backend takes a model's weights from. Every tensor that {@link TensorRole#presentIn} promises is there, with
 * {@link TensorRole#shape}; that was proven before the backend sees it.
 */
public interface WeightSource {
    /**
     * The tensor that plays a role.
     *
     * @param layer decoder layer from 0, ignored for roles that are not {@linkplain TensorRole#perLayer per layer}
     * @throws IllegalArgumentException if the model has no such tensor
     */
    WeightTensor tensor(TensorRole role, int layer);

    /** Bytes of all tensors together, as stored. */
    long totalBytes();
}
