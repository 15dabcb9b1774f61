package dev.m1.cuda.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The emulated CUDA driver: {@code src/main/cuda} compiled by a C++ compiler, behind a library with the entry points of
 * {@code libcuda.so.1}. Built once, into {@code target/cuda-emulator}; again when a source has changed.
 *
 * @param driver the emulated {@code libcuda.so.1}
 * @param cublas the emulated {@code libcublasLt.so.13}, which works with that driver only
 */
public record Emulator(Path driver, Path cublas) {
    private static final Path SOURCES = Path.of("src/test/cpp");
    private static final Path KERNELS = Path.of("src/main/cuda");
    private static final Path TARGET = Path.of("target/cuda-emulator");
    private static final String DRIVER = "libcuda.so.1";
    private static final String CUBLAS = "libcublasLt.so.13";
    private static final long MOST_SECONDS = 300;

    /** The emulated driver; skips the test, saying why, where it cannot be built. */
    public static synchronized Emulator require() {
        Path headers = CudaToolkit.headers();
        Assumptions.assumeTrue(headers != null, "emulated CUDA driver: no CUDA headers (cuda.h, cuda_bf16.h) found");
        Assumptions.assumeTrue(runs("g++", "--version"), "emulated CUDA driver: no g++");
        try {
            Path folder = build(headers);
            return new Emulator(folder.resolve(DRIVER), folder.resolve(CUBLAS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Builds in a folder of its own and moves it: another process may do the same at the same time. */
    private static Path build(Path headers) throws IOException {
        boolean sanitized = Boolean.getBoolean("m1.cuda.emulator.asan");
        Path folder = TARGET.resolve(fingerprint() + (sanitized ? "-asan" : "")).toAbsolutePath();
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectories(TARGET);
        Path unfinished = Files.createTempDirectory(TARGET.toAbsolutePath(), "unfinished");
        List<String> common = new ArrayList<>(List.of(
                "g++", "-std=c++17", "-O2", "-march=native", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall",
                "-Werror", "-Wno-unknown-pragmas", "-Wno-sign-compare", "-ffp-contract=off", "-fno-strict-aliasing",
                "-DM1_HOST_EMULATION", "-Wl,-z,noexecstack", "-isystem", headers.toString(), "-I" + SOURCES,
                "-I" + KERNELS));
        if (sanitized) { // names the line of a kernel that reaches beyond memory
            common.addAll(List.of("-fsanitize=address", "-g"));
        }
        List<String> driver = new ArrayList<>(common);
        for (String source : List.of("block.cpp", "begun.cpp", "device_state.cpp", "driver.cpp")) {
            driver.add(SOURCES.resolve(source).toString());
        }
        driver.addAll(List.of(
                "-o", unfinished.resolve(DRIVER).toString(), "-Wl,-soname," + DRIVER, "-ldl", "-pthread"));
        List<String> kernels = new ArrayList<>(common);
        // What it needs of the driver it finds there when that loads it, so both can be built at the same time.
        kernels.addAll(List.of(
                SOURCES.resolve("kernels.cpp").toString(), "-o", unfinished.resolve("libm1kernels.so").toString()));
        List<String> cublas = new ArrayList<>(common);
        cublas.addAll(List.of(
                SOURCES.resolve("cublas.cpp").toString(), unfinished.resolve(DRIVER).toString(), "-o",
                unfinished.resolve(CUBLAS).toString(), "-Wl,-soname," + CUBLAS));
        Process longest = start(kernels);
        run(driver);
        run(cublas);
        finish(longest, kernels);
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.exists(folder)) {
                throw e;
            } // somebody else was faster; what is left over goes with the next clean
        }
        return folder;
    }

    private static String fingerprint() throws IOException {
        try (Stream<Path> sources = Stream.concat(Files.list(SOURCES), Files.list(KERNELS))) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path source : sources.sorted().toList()) {
                digest.update(source.toString().getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(source));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void run(List<String> command) throws IOException {
        finish(start(command), command);
    }

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void finish(Process process, List<String> command) throws IOException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + "\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
