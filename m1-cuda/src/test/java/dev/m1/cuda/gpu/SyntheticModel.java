package dev.m1.cuda.gpu;

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
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A model of a known shape for measuring: bfloat16 weights that all layers share on the host, and that are as many as
 * the real ones on the device. So a model larger than this machine's disk can be measured. What it says means nothing.
 */
final class SyntheticModel implements WeightSource {
    private static final int PATTERN = 1 << 20; // elements; the rest repeats them

    private final ModelSpec spec;
    private final Map<TensorRole, WeightTensor> tensors = new EnumMap<>(TensorRole.class);

    private SyntheticModel(ModelSpec spec) {
        this.spec = spec;
        MemorySegment pattern = pattern();
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(spec)) {
                tensors.put(role, tensor(role, pattern));
            }
        }
    }

    /**
     * Shapes of Qwen2.5 by name; they are those of {@code checkpoint.py}.
     *
     * @throws IllegalArgumentException naming the sizes there are
     */
    static SyntheticModel of(String size) {
        return new SyntheticModel(spec(size));
    }

    /** The shape alone. */
    static ModelSpec spec(String size) {
        return switch (size) {
            case "tiny" -> spec(128, 2, 4, 2, 256, 512, true);
            case "0.5b" -> spec(896, 24, 14, 2, 4864, 151936, true);
            case "1.5b" -> spec(1536, 28, 12, 2, 8960, 151936, true);
            case "7b" -> spec(3584, 28, 28, 4, 18944, 152064, false);
            case "32b" -> spec(5120, 64, 40, 8, 27648, 152064, false);
            default -> throw new IllegalArgumentException(
                    "a synthetic model is tiny, 0.5b, 1.5b, 7b or 32b, not " + size);
        };
    }

    private static ModelSpec spec(
            int hidden, int layers, int heads, int kvHeads, int intermediate, int vocab, boolean tied) {
        return new ModelSpec("Qwen2ForCausalLM", vocab, hidden, intermediate, layers, heads, kvHeads, hidden / heads,
                1e-6f, true, false, false, false, tied, new RopeSpec(1e6, new RopeScaling.None()), 32768);
    }

    /** Values of both signs around 0.02, so that activations stay small. */
    private static MemorySegment pattern() {
        SplittableRandom random = new SplittableRandom(22);
        MemorySegment pattern = Arena.ofAuto().allocate(2L * PATTERN, 2);
        for (int i = 0; i < PATTERN; i++) {
            int bits = Float.floatToRawIntBits((float) (random.nextDouble() - 0.5) * 0.07f);
            pattern.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
        }
        return pattern;
    }

    private WeightTensor tensor(TensorRole role, MemorySegment pattern) {
        long elements = 1;
        for (int d : role.shape(spec)) {
            elements *= d;
        }
        MemorySegment data = Arena.ofAuto().allocate(elements * 2, 64);
        for (long at = 0; at < data.byteSize(); at += pattern.byteSize()) {
            long n = Math.min(pattern.byteSize(), data.byteSize() - at);
            MemorySegment.copy(pattern, 0, data, at, n);
        }
        return new WeightTensor(role.name(), DType.BF16, role.shape(spec), data);
    }

    ModelSpec spec() {
        return spec;
    }

    @Override
    public WeightTensor tensor(TensorRole role, int layer) {
        return tensors.get(role);
    }

    @Override
    public long totalBytes() {
        return 2 * spec.parameters();
    }
}
