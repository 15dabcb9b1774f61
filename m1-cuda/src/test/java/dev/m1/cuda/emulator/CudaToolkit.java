package dev.m1.cuda.emulator;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the CUDA toolkit of this machine is, if it has one. */
public final class CudaToolkit {
    private CudaToolkit() {}

    /** The folder with {@code cuda.h} and {@code cuda_bf16.h}, or null. */
    public static Path headers() {
        for (Path home : homes()) {
            Path include = home.resolve("include");
            if (Files.exists(include.resolve("cuda.h")) && Files.exists(include.resolve("cuda_bf16.h"))) {
                return include;
            }
        }
        return null;
    }

    private static List<Path> homes() {
        List<Path> homes = new ArrayList<>();
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            String value = System.getenv(variable);
            if (value != null && !value.isBlank()) {
                homes.add(Path.of(value));
            }
        }
        homes.add(Path.of("/usr/local/cuda"));
        homes.add(Path.of("/opt/cuda"));
        return homes;
    }
}
