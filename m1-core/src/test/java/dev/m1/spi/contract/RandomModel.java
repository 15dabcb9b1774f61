package dev.m1.spi.contract;

import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.RopeScaling;
import dev.m1.spi.RopeSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A model with random weights in memory, for whatever does not need a reference. Weights lie at odd addresses on
 * purpose.
 */
public final class RandomModel implements WeightSource {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ModelSpec spec;
    private final DType dtype;
    private final Random random;
    private final Map<String, WeightTensor> tensors = new HashMap<>();

    private RandomModel(ModelSpec spec, DType dtype, long seed) {
        this.spec = spec;
        this.dtype = dtype;
        random = new Random(seed);
        for (TensorRole role : TensorRole.values()) {
            for (int layer = 0; role.presentIn(spec) && layer < (role.perLayer() ? spec.layers() : 1); layer++) {
                tensors.put(key(role, layer), tensor(key(role, layer), role));
            }
        }
    }

    /** Qwen2: biases on q, k, v; seven query heads per key/value head; untied head. */
    public static RandomModel qwen2(DType dtype, long seed) {
        return new RandomModel(
                new ModelSpec("Qwen2", 307, 112, 200, 2, 14, 2, 16, 1e-6f, true, false, false, false, false,
                        new RopeSpec(1e6, new RopeScaling.None()), 512),
                dtype, seed);
    }

    /** Qwen3: norms of queries and keys, a head dimension of its own, tied head, sizes that are no multiples of 16. */
    public static RandomModel qwen3(DType dtype, long seed) {
        return new RandomModel(
                new ModelSpec("Qwen3", 131, 52, 74, 2, 3, 3, 22, 1e-6f, false, false, false, true, true,
                        new RopeSpec(1e4, new RopeScaling.Yarn(4, 64, 32, 1, 1.1386, true)), 512),
                dtype, seed);
    }

    /** Every bias there is, and Llama 3's frequencies. */
    public static RandomModel biased(DType dtype, long seed) {
        return new RandomModel(
                new ModelSpec("Biased", 97, 64, 96, 3, 6, 1, 8, 1e-5f, true, true, true, false, true,
                        new RopeSpec(5e5, new RopeScaling.Llama3(8, 1, 4, 32)), 512),
                dtype, seed);
    }

    /** Many query heads on one key/value head. */
    public static RandomModel sharedHead(DType dtype, long seed) {
        return new RandomModel(
                new ModelSpec("Shared head", 89, 72, 64, 2, 36, 1, 8, 1e-5f, false, false, false, false, true,
                        new RopeSpec(1e4, new RopeScaling.None()), 512),
                dtype, seed);
    }

    public ModelSpec spec() {
        return spec;
    }

    /** Overwrites one element of a tensor, to break a model on purpose. */
    public void poison(TensorRole role, int layer, int index, float value) {
        put(tensor(role, layer).data(), index, value);
    }

    private WeightTensor tensor(String name, TensorRole role) {
        long n = 1;
        for (int d : role.shape(spec)) {
            n *= d;
        }
        MemorySegment data = Arena.ofAuto().allocate(n * dtype.bytes() + 1).asSlice(1);
        boolean gain = name.contains("NORM");
        for (int i = 0; i < n; i++) {
            put(data, i, (float) (random.nextGaussian() * (gain ? 0.1 : 0.15) + (gain ? 1 : 0)));
        }
        return new WeightTensor(name, dtype, role.shape(spec), data);
    }

    private void put(MemorySegment data, int i, float value) {
        switch (dtype) {
            case F32 -> data.set(FLOAT, 4L * i, value);
            case F16 -> data.set(SHORT, 2L * i, Float.floatToFloat16(value));
            case BF16 -> data.set(SHORT, 2L * i, (short) (Float.floatToRawIntBits(value) >>> 16));
        }
    }

    private static String key(TensorRole role, int layer) {
        return role.perLayer() ? role + "." + layer : role.toString();
    }

    @Override
    public WeightTensor tensor(TensorRole role, int layer) {
        WeightTensor tensor = tensors.get(key(role, layer));
        if (tensor == null) {
            throw new IllegalArgumentException("no " + key(role, layer));
        }
        return tensor;
    }

    @Override
    public long totalBytes() {
        return tensors.values().stream().mapToLong(t -> t.data().byteSize()).sum();
    }

    @Override
    public String toString() {
        return spec.architecture() + " " + dtype;
    }
}
