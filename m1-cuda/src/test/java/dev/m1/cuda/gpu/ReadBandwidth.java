package dev.m1.cuda.gpu;

import dev.m1.cuda.decoder.TestDevice;
import dev.m1.cuda.driver.CudaContext;
import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaEvent;
import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaModule;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.DeviceBuffer;
import dev.m1.cuda.driver.KernelArguments;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Gigabytes per second of a kernel that only reads, by bytes read and blocks per multiprocessor. Every run reads
 * another part of a buffer that is many times larger than the caches, so nothing is found in them. Arguments: PTX of
 * {@code read.cu}, result, repeats, {@code small} or {@code full}.
 */
public final class ReadBandwidth {
    private static final int THREADS = 512;
    private static final int WORD = 16; // bytes

    private ReadBandwidth() {}

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        boolean small = arguments[3].equals("small");
        int repeats = Integer.parseInt(arguments[2]);
        long buffer = small ? 4L << 20 : 16L << 30;
        long[] sizes = small ? new long[] {1 << 20} : new long[] {16L << 20, 64L << 20, 256L << 20, 1L << 30, 8L << 30};
        Report report = new Report();
        try (CudaScope scope = new CudaScope(); Arena arena = Arena.ofConfined()) {
            CudaContext context = scope.own(CudaContext.retain(CudaDevice.of(0)));
            CudaStream stream = scope.own(new CudaStream());
            CudaModule module = scope.own(CudaModule.load(Files.readAllBytes(Path.of(arguments[0]))));
            CudaKernel kernel = module.kernel("read_once");
            DeviceBuffer from = scope.own(new DeviceBuffer(buffer));
            DeviceBuffer to = scope.own(new DeviceBuffer(128));
            CudaEvent start = scope.own(new CudaEvent(true));
            CudaEvent end = scope.own(new CudaEvent(true));
            stream.zero(from.address(), buffer);
            stream.zero(to.address(), 128);
            for (long bytes : sizes) {
                for (int perMultiprocessor : small ? new int[] {1} : new int[] {1, 2, 4}) {
                    int blocks = perMultiprocessor * context.device().multiprocessors();
                    long[] next = {0};
                    report.measure("read" + (bytes >> 20) + "MiBBlocks" + perMultiprocessor + "GBPerSecond", repeats,
                            () -> {
                                long at = next[0];
                                next[0] = at + 2 * bytes > buffer ? 0 : at + bytes;
                                KernelArguments parameters = KernelArguments.in(arena)
                                        .pointer(from.address() + at)
                                        .wide(bytes / WORD)
                                        .pointer(to.address())
                                        .build();
                                start.record(stream);
                                kernel.launch(stream, blocks, 1, 1, THREADS, 0, parameters);
                                end.record(stream);
                                end.synchronize();
                                return bytes / 1e6 / end.millisecondsSince(start);
                            });
                }
            }
        }
        report.write(Path.of(arguments[1]));
    }
}
