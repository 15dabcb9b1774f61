package dev.m1.cuda.emulator;

import dev.m1.cuda.ptx.PtxGpu;
import dev.m1.cuda.ptx.PtxModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** What runs m1's kernels without a GPU: the source on the emulated device in three orders of threads, and the PTX. */
public final class Gpus {
    private static final int SEED = 20251;

    private Gpus() {}

    private static final class Shipped { // decoded once
        static final PtxModule MODULE = new PtxModule(ptx());
        static final PtxModule SM90 = new PtxModule(ptxOfSm90());
    }

    /** All of them; one that this machine lacks skips its test when it is opened. */
    public static Stream<Named<Supplier<Gpu>>> all() {
        return Stream.concat(
                Stream.of(
                        Named.of("PTX interpreter", () -> new PtxGpu(Shipped.MODULE)),
                        Named.of("PTX interpreter, sm_90", () -> new PtxGpu(Shipped.SM90))),
                Stream.of(EmulatedGpu.Schedule.values())
                        .map(s -> Named.of("emulated, " + s + ", seed " + SEED, () -> emulated(s))));
    }

    public static Gpu emulated(EmulatedGpu.Schedule schedule) {
        return new EmulatedGpu(Emulator.require(), ptx(), schedule, SEED);
    }

    /** The PTX that ships for every device. */
    public static String ptx() {
        return resource("kernels.ptx");
    }

    /** The PTX that ships for devices on which kernels can begin early. */
    public static String ptxOfSm90() {
        return resource("kernels-sm90.ptx");
    }

    private static String resource(String name) {
        try (InputStream in = Gpus.class.getResourceAsStream("/dev/m1/cuda/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
