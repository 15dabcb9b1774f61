package dev.m1.cuda.emulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 */
public record Emulator(Path driver) {
    private static final Path SOURCES = Path.of("src/test/cpp");
    private static final Path KERNELS = Path.of("src/main/cuda");
    private static final Path TARGET = Path.of("target/cuda-emulator");
    private static final long MOST_SECONDS = 300;

    /** The emulated driver; skips the test, saying why, where it cannot be built. */
    public static synchronized Emulator require() {
        Path headers = CudaToolkit.headers();
        Assumptions.assumeTrue(headers != null, "emulated CUDA driver: no CUDA headers (cuda.h, cuda_bf16.h) found");
        Assumptions.assumeTrue(runs("g++", "--version"), "emulated CUDA driver: no g++");
        try {
            return new Emulator(build(headers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path build(Path headers) throws IOException {
        String fingerprint = fingerprint();
        Path folder = TARGET.resolve(fingerprint).toAbsolutePath();
        Path driver = folder.resolve("libcuda.so.1");
        Path kernels = folder.resolve("libm1kernels.so");
        if (Files.exists(kernels)) {
            return driver;
        }
        Files.createDirectories(folder);
        Path unfinished = folder.resolve("unfinished.so");
        List<String> common = List.of(
                "g++", "-std=c++17", "-O2", "-fPIC", "-shared", "-Wall", "-Werror", "-Wno-unknown-pragmas",
                "-Wno-sign-compare", "-ffp-contract=off", "-fno-strict-aliasing", "-DM1_HOST_EMULATION",
                "-Wl,-z,noexecstack", "-isystem",
                headers.toString(), "-I" + SOURCES, "-I" + KERNELS);
        List<String> first = new ArrayList<>(common);
        for (String source : List.of("block.cpp", "device_state.cpp", "driver.cpp")) {
            first.add(SOURCES.resolve(source).toString());
        }
        first.addAll(List.of("-o", driver.toString(), "-Wl,-soname,libcuda.so.1", "-ldl", "-pthread"));
        run(first);
        List<String> second = new ArrayList<>(common);
        second.addAll(List.of(
                SOURCES.resolve("kernels.cpp").toString(), "-o", unfinished.toString(), "-Wl,--no-as-needed",
                driver.toString(), "-Wl,-rpath,$ORIGIN"));
        run(second);
        Files.move(unfinished, kernels);
        return driver;
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
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
