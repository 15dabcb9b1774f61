package dev.m1.bench.runner;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a run ran on.
 *
 * @param cpu the processor's own name
 * @param gpu the CUDA device in the backend's words, or empty on another backend
 * @param processors logical processors this JVM may use
 * @param memoryBytes of the machine
 * @param system operating system and architecture
 * @param java virtual machine and version
 * @param flags of this JVM; the benchmarks' own JVMs get them too
 */
public record Machine(
        String cpu, String gpu, int processors, long memoryBytes, String system, String java, List<String> flags) {
    private static final Path LINUX_CPUS = Path.of("/proc/cpuinfo"); // absent elsewhere

    /** This machine; {@code gpu} is what the backend says of its device. */
    public static Machine here(String gpu) {
        long memory =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize()
                        : 0;
        return new Machine(
                cpuName(),
                gpu,
                Runtime.getRuntime().availableProcessors(),
                memory,
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                ManagementFactory.getRuntimeMXBean().getInputArguments());
    }

    private static String cpuName() {
        try {
            if (Files.isReadable(LINUX_CPUS)) {
                for (String line : Files.readAllLines(LINUX_CPUS)) {
                    if (line.startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            }
        } catch (IOException e) {
            return System.getProperty("os.arch"); // a name is a courtesy; the run does not fail over it
        }
        String mac = System.getProperty("os.name").startsWith("Mac")
                ? Commands.firstLine(null, "sysctl", "-n", "machdep.cpu.brand_string")
                : "";
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return !mac.isEmpty() ? mac : windows != null ? windows : System.getProperty("os.arch");
    }

    /** A folder name: the device's name in lower-case letters, digits and hyphens, with its processors. */
    public String slug() {
        String name = gpu.isEmpty() ? cpu + " " + processors + " processors" : gpu;
        String slug =
                name.toLowerCase(Locale.ROOT).replaceAll("\\((r|tm)\\)", "").replaceAll("[^a-z0-9]+", "-");
        return slug.replaceAll("^-|-$", "");
    }
}
