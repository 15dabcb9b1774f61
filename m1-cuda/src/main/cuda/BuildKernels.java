import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * Turns the kernels into PTX and lets ptxas check it for every architecture that matters, where nvcc is installed;
 * elsewhere does nothing, because the PTX is committed. Run by Maven in the module's folder:
 *
 * <pre>java src/main/cuda/BuildKernels.java check|update</pre>
 *
 * {@code check} leaves the result in {@code target/cuda/kernels.ptx}, where a test compares it with the committed one;
 * {@code update} also commits it to the resources.
 */
final class BuildKernels {
    private static final Path SOURCES = Path.of("src/main/cuda");
    private static final Path COMMITTED = Path.of("src/main/resources/dev/m1/cuda/kernels.ptx");
    private static final Path BUILT = Path.of("target/cuda/kernels.ptx");
    private static final Path STAMP = Path.of("target/cuda/checked");
    // nvcc -ptx does not look at inline PTX and knows nothing of later architectures: ptxas does.
    private static final List<String> ARCHITECTURES =
            List.of("sm_80", "sm_86", "sm_89", "sm_90a", "sm_100a", "sm_120a");
    // Without contraction: see m1.cuh.
    private static final List<String> OPTIONS = List.of("-std=c++17", "-O3", "-fmad=false", "-ptx", "-arch=compute_80");

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
        if (!update && Files.exists(BUILT) && Files.exists(STAMP) && Files.readString(STAMP).equals(stamp)) {
            return; // nothing has changed since the last build
        }
        Files.createDirectories(BUILT.getParent());
        Files.deleteIfExists(STAMP);
        List<String> compile = new ArrayList<>(List.of(nvcc));
        compile.addAll(OPTIONS);
        compile.addAll(List.of("-o", BUILT.toString(), SOURCES.resolve("kernels.cu").toString()));
        run(compile);
        verify(bin.resolve("ptxas").toString());
        if (update) {
            Files.createDirectories(COMMITTED.getParent());
            Files.copy(BUILT, COMMITTED, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(STAMP, stamp);
        System.out.println("kernels: " + BUILT + " holds for " + String.join(", ", ARCHITECTURES));
    }

    private static void verify(String ptxas) throws Exception {
        // Optimisation would find nothing more and takes twice the time.
        int threads = Math.min(ARCHITECTURES.size(), Runtime.getRuntime().availableProcessors());
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Callable<String>> jobs = new ArrayList<>();
            for (String architecture : ARCHITECTURES) {
                Path output = BUILT.resolveSibling(architecture + ".cubin");
                jobs.add(() -> run(
                        List.of(ptxas, "-O0", "-arch=" + architecture, "-o", output.toString(), BUILT.toString())));
            }
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
        digest.update((version + OPTIONS + ARCHITECTURES).getBytes(StandardCharsets.UTF_8));
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
