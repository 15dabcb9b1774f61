package dev.m1.cuda.driver;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where a library lies on a user's machine: in what a system property names, else in the folders that environment
 * variables, the loader's configuration and Python wheels name. Reads only what it is given, so that tests can give it
 * any machine.
 */
final class LibrarySearch {
    private final UnaryOperator<String> property;
    private final UnaryOperator<String> environment;
    private final Path root;

    /**
     * @param property system properties
     * @param environment environment variables
     * @param root of the file system
     */
    LibrarySearch(UnaryOperator<String> property, UnaryOperator<String> environment, Path root) {
        this.property = property;
        this.environment = environment;
        this.root = root;
    }

    /** This machine. */
    static LibrarySearch here() {
        return new LibrarySearch(System::getProperty, System::getenv, Path.of("/"));
    }

    /**
     * What a search ended with.
     *
     * @param files that exist, best first
     * @param lookedFor names and places, for people
     */
    record Result(List<Path> files, String lookedFor) {}

    /** The driver, {@code libcuda.so.1}; it comes with the display driver, not with the toolkit. */
    Result driver() {
        List<String> names = windows() ? List.of("nvcuda.dll") : List.of("libcuda.so.1");
        return search("m1.cuda.driver", names, systemFolders());
    }

    /** cuBLASLt, the newest first. */
    Result cublasLt() {
        List<String> names = windows()
                ? List.of("cublasLt64_13.dll", "cublasLt64_12.dll")
                : List.of("libcublasLt.so.13", "libcublasLt.so.12");
        Set<Path> folders = new LinkedHashSet<>();
        addPathList(folders, environment.apply(windows() ? "PATH" : "LD_LIBRARY_PATH"));
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            for (String folder : List.of("lib64", "lib", "bin", "targets/x86_64-linux/lib")) {
                add(folders, environment.apply(variable), folder);
            }
        }
        folders.add(root.resolve("usr/local/cuda/lib64"));
        folders.addAll(wheels());
        folders.addAll(systemFolders());
        return search("m1.cuda.cublas", names, folders);
    }

    private Result search(String override, List<String> names, Collection<Path> folders) {
        String named = property.apply(override);
        if (named != null) {
            Optional<Path> file = path(named).filter(Files::isRegularFile);
            return new Result(file.stream().toList(), named + ", which the system property " + override + " names");
        }
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            for (Path folder : folders) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    files.add(file);
                }
            }
        }
        StringBuilder places = new StringBuilder();
        folders.forEach(f -> places.append(places.isEmpty() ? "" : ", ").append(f));
        return new Result(
                files,
                String.join(", ", names) + " in " + places + " (LD_LIBRARY_PATH is "
                        + (environment.apply("LD_LIBRARY_PATH") == null ? "not set" : "set") + ", the system property "
                        + override + " is not)");
    }

    /** Folders the system's loader looks into. */
    private Set<Path> systemFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        if (windows()) {
            add(folders, environment.apply("SystemRoot"), "System32");
            return folders;
        }
        addPathList(folders, environment.apply("LD_LIBRARY_PATH"));
        for (String folder : List.of(
                "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib", "usr/lib/wsl/lib",
                "run/opengl-driver/lib")) {
            Path path = root.resolve(folder);
            if (Files.isDirectory(path)) {
                folders.add(path);
            }
        }
        loaderConfiguration(folders);
        return folders;
    }

    /** The folders in {@code /etc/ld.so.conf.d/*.conf}. */
    private void loaderConfiguration(Set<Path> folders) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve("etc/ld.so.conf.d"), "*.conf")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("/")) {
                        path(line.strip()).map(p -> root.resolve(p.toString().substring(1))).ifPresent(folders::add);
                    }
                }
            }
        } catch (IOException e) {
            return; // no such configuration: the usual folders remain
        }
    }

    /** {@code site-packages/nvidia/*&#47;lib} of the active environment and of the system's Pythons. */
    private Set<Path> wheels() {
        Set<Path> folders = new LinkedHashSet<>();
        List<Path> prefixes = new ArrayList<>();
        for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
            path(environment.apply(variable)).ifPresent(prefixes::add);
        }
        path(property.apply("user.home")).ifPresent(home -> prefixes.add(home.resolve(".local")));
        prefixes.add(root.resolve("usr/local"));
        prefixes.add(root.resolve("usr"));
        for (Path prefix : prefixes) {
            for (Path python : list(prefix.resolve("lib"), "python3*")) {
                for (String packages : List.of("site-packages", "dist-packages")) {
                    for (Path part : list(python.resolve(packages).resolve("nvidia"), "*")) {
                        folders.add(part.resolve("lib"));
                    }
                }
            }
        }
        return folders;
    }

    private static List<Path> list(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
                entries.forEach(found::add);
            } catch (IOException e) {
                return found; // unreadable: what was found so far
            }
        }
        found.sort(null);
        return found;
    }

    private void addPathList(Set<Path> folders, String list) {
        if (list != null) {
            for (String folder : list.split(windows() ? ";" : ":")) {
                if (!folder.isBlank()) {
                    path(folder).ifPresent(folders::add);
                }
            }
        }
    }

    private static void add(Set<Path> folders, String prefix, String folder) {
        path(prefix).ifPresent(p -> folders.add(p.resolve(folder)));
    }

    private static Optional<Path> path(String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private boolean windows() {
        String os = property.apply("os.name");
        return os != null && os.startsWith("Windows");
    }
}
