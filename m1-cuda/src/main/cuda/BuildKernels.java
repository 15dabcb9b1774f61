import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Turns the kernels into PTX, once for every device and once for those whose kernels can begin before the ones ahead of
 * them have ended, and lets ptxas check it for every architecture that matters, where nvcc is installed;
 * elsewhere does nothing, because the PTX is committed. Run by Maven in the module's folder:
 *
 * <pre>java src/main/cuda/BuildKernels.java check|update</pre>
 *
 * {@code check} leaves the results in {@code target/cuda}, where a test compares them with the committed ones; {@code
 * update} also commits them to the resources.
 */
final class BuildKernels {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path COMMITTED = Path.of("src/main/resources/dev/m1/cuda");
    private static final Path BUILT = Path.of("target/cuda");
    private static final Path STAMP = BUILT.resolve("checked");
    // Without contraction: see m1.cuh.
    private static final List<String> OPTIONS = List.of("-std=c++17", "-O3", "-fmad=false", "-ptx");

    /**
     * A PTX text.
     *
     * @param file its name
     * @param architecture nvcc's, the least that takes it
     * @param checked by ptxas: nvcc -ptx does not look at inline PTX and knows nothing of later architectures
     */
    private record Text(String file, String architecture, List<String> checked) {
        static final List<Text> ALL = List.of(
                new Text(
                        "kernels.ptx", "compute_80",
                        List.of("sm_80", "sm_86", "sm_89", "sm_90a", "sm_100a", "sm_120a")),
                new Text("kernels-sm90.ptx", "compute_90", List.of("sm_90a", "sm_100a", "sm_120a")));

        Path built() {
            return BUILT.resolve(file);
        }
    }

    private BuildKernels() {}

    public static void main(String[] args) throws Exception {
        boolean update = args.length > 0 && args[0].equals("update");
        Path bin = toolkit();
        if (bin == null) {
            System.out.println("kernels: no nvcc, the committed PTX is used");
            return;
        }
        String nvcc = bin.resolve("nvcc").toString();
        String stamp = stamp(run(List.of(nvcc, "--version")));
        boolean built = Text.ALL.stream().allMatch(text -> Files.exists(text.built()));
        if (!update && built && Files.exists(STAMP) && Files.readString(STAMP).equals(stamp)) {
            return; // nothing has changed since the last build
        }
        Files.createDirectories(BUILT);
        Files.deleteIfExists(STAMP);
        inParallel(Text.ALL.stream().map(text -> compile(nvcc, text)).toList());
        String ptxas = bin.resolve("ptxas").toString();
        inParallel(Text.ALL.stream().flatMap(text -> checks(ptxas, text)).toList());
        for (Text text : Text.ALL) {
            if (update) {
                Files.createDirectories(COMMITTED);
                Files.copy(text.built(), COMMITTED.resolve(text.file), StandardCopyOption.REPLACE_EXISTING);
            }
            System.out.println("kernels: " + text.built() + " holds for " + String.join(", ", text.checked));
        }
        Files.writeString(STAMP, stamp);
    }

    private static Callable<String> compile(String nvcc, Text text) {
        List<String> command = new ArrayList<>(List.of(nvcc));
        command.addAll(OPTIONS);
        command.addAll(List.of("-arch=" + text.architecture, "-o", text.built().toString()));
        command.add(SOURCES.resolve("kernels.cu").toString());
        return () -> run(command);
    }

    /** Optimisation would find nothing more and takes twice the time. */
    private static Stream<Callable<String>> checks(String ptxas, Text text) {
        return text.checked.stream().map(architecture -> {
            Path output = BUILT.resolve(text.file + "." + architecture + ".cubin");
            return () -> run(List.of(
                    ptxas, "-O0", "-arch=" + architecture, "-o", output.toString(), text.built().toString()));
        });
    }

    private static void inParallel(List<Callable<String>> jobs) throws Exception {
        int threads = Math.min(jobs.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (Future<String> job : pool.invokeAll(jobs)) {
                job.get();
            }
        }
    }

    /** The folder of nvcc and ptxas, or null. */
    private static Path toolkit() {
        List<Path> folders = new ArrayList<>();
        for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
            if (System.getenv(variable) != null) {
                folders.add(Path.of(System.getenv(variable), "bin"));
            }
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)) {
            folders.add(Path.of(folder));
        }
        folders.add(Path.of("/usr/local/cuda/bin"));
        return folders.stream()
                .filter(f -> Files.isExecutable(f.resolve("nvcc")) && Files.isExecutable(f.resolve("ptxas")))
                .findFirst()
                .orElse(null);
    }

    /** Of everything the result depends on. */
    private static String stamp(String version) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update((version + OPTIONS + Text.ALL).getBytes(StandardCharsets.UTF_8));
        List<Path> files;
        try (Stream<Path> all = Files.list(SOURCES)) {
            files = all.sorted(Comparator.comparing(Path::toString)).toList();
        }
        for (Path file : files) {
            digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(Files.readAllBytes(file));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.remove("NVCC_APPEND_FLAGS"); // the committed PTX is made with the options above and no others
        environment.remove("NVCC_PREPEND_FLAGS");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + "\n" + output);
        }
        return output;
    }
}
