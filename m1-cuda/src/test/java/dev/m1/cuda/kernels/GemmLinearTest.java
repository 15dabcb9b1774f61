package dev.m1.cuda.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.decoder.TestDevice;
import dev.m1.cuda.driver.CudaContext;
import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaLibrary;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.DeviceBuffer;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.driver.Workspace;
import dev.m1.spi.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A step larger than the largest bucket: two slices, of which the second has few tokens. */
class GemmLinearTest {
    private static final int MOST = 2200; // tokens that there is room for
    private static final int TOKENS = 2048 + 70;
    private static final int N = 18;
    private static final int K = 20;
    private static final int LD = 64; // of W, x and y
    private static final int SEED = 81;

    private final CudaScope scope = new CudaScope();

    @Test
    void slicesGiveWhatTheKernelsGive() {
        TestDevice.require();
        CudaLibrary.requireCublasLt("this test");
        try (scope; Arena arena = Arena.ofShared()) {
            scope.own(CudaContext.retain(CudaDevice.of(0)));
            CudaStream stream = scope.own(new CudaStream());
            Kernels kernels = scope.own(Kernels.load(CudaDevice.of(0), true, false));
            Random random = new Random(SEED);
            Matrix w = new Matrix(bfloat16s(stream, random), N, K, LD, DType.BF16);
            Activations x = new Activations(floats(stream, random, MOST), MOST, K, LD);
            long bias = floats(stream, random, 1);
            long gain = floats(stream, random, 1);
            long counts = upload(stream, MemorySegment.ofArray(new int[] {TOKENS}));
            StepInput step = new StepInput(counts, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            GemmBuffers buffers = new GemmBuffers(
                    buffer(3L * 2048 * LD * Short.BYTES), 3, buffer(2048L * LD * Float.BYTES), 2048,
                    new Workspace(buffer(1 << 20), 1 << 20));
            Gemms gemms = scope.own(new Gemms(buffers, 1, MOST, stream, arena));

            float[] expected = run(stream, Linear.maker(kernels, arena, step), w, bias, x, gain);
            float[] actual = run(stream, GemmLinear.maker(kernels, arena, gemms, step), w, bias, x, gain);
            float largest = 0;
            float worst = 0;
            for (int i = 0; i < actual.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
            }
            // Both are off by some of k + 8 roundings of their terms' sizes, which are not larger than a few results.
            assertThat(worst).isPositive().isLessThan(4 * (K + 8) * largest * 0x1p-24f);
            for (int t : new int[] {TOKENS, MOST - 1}) {
                assertThat(Arrays.copyOfRange(actual, t * LD, (t + 1) * LD)).as("row %d, which is no token", t)
                        .isEqualTo(Arrays.copyOfRange(expected, t * LD, (t + 1) * LD));
            }
        }
    }

    /** What is in y [MOST, LD] then, of which every row was random before. */
    private float[] run(CudaStream stream, LinearMaker maker, Matrix w, long bias, Activations x, long gain) {
        Activations y = new Activations(floats(stream, new Random(SEED + 1), MOST), MOST, N, LD);
        maker.make(w, bias, x, gain, 1e-5f, LinearOutput.add(y)).enqueue(stream, new Bucket(TOKENS, 0));
        long bytes = (long) MOST * LD * Float.BYTES;
        PinnedBuffer host = scope.own(new PinnedBuffer(bytes));
        stream.download(y.address(), host.memory(), bytes);
        stream.synchronize();
        return host.memory().toArray(ValueLayout.JAVA_FLOAT);
    }

    private long buffer(long bytes) {
        return scope.own(new DeviceBuffer(bytes)).address();
    }

    private long floats(CudaStream stream, Random random, int rows) {
        float[] values = new float[rows * LD];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return upload(stream, MemorySegment.ofArray(values));
    }

    /** [N, LD], zeros from K on. */
    private long bfloat16s(CudaStream stream, Random random) {
        short[] values = new short[N * LD];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % LD < K ? (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16) : 0;
        }
        return upload(stream, MemorySegment.ofArray(values));
    }

    private long upload(CudaStream stream, MemorySegment values) {
        long bytes = values.byteSize();
        PinnedBuffer host = scope.own(new PinnedBuffer(bytes));
        MemorySegment.copy(values, 0, host.memory(), 0, bytes);
        long to = buffer(bytes);
        stream.upload(host.memory(), to, bytes);
        stream.synchronize();
        return to;
    }
}
