package dev.m1.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.emulator.Gpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The committed PTX against the sources and against what this project promises about it. */
class CommittedPtxTest {
    private static final Path BUILT = Path.of("target/cuda/kernels.ptx"); // by BuildKernels.java, where nvcc is
    private static final Pattern COMPILER = Pattern.compile("// Cuda compilation tools, (.*)");

    @Test
    void isWhatTheSourcesGive() throws IOException {
        Assumptions.assumeTrue(Files.exists(BUILT), "no nvcc: the committed PTX is not compared with the sources");
        String built = Files.readString(BUILT);
        String version = compiler(Gpus.ptx());
        Assumptions.assumeTrue(
                compiler(built).equals(version),
                "nvcc " + compiler(built) + ", the committed PTX is by " + version + ": not compared");
        assertThat(built.equals(Gpus.ptx()))
                .as("src/main/resources/dev/m1/cuda/kernels.ptx is not what src/main/cuda gives; in m1-cuda, run: "
                        + "java src/main/cuda/BuildKernels.java update")
                .isTrue();
    }

    private static String compiler(String ptx) {
        Matcher matcher = COMPILER.matcher(ptx);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /** Architecture 8.0 and the PTX version of the drivers that the documentation asks for. */
    @Test
    void runsWhereItShould() {
        assertThat(Gpus.ptx()).contains("\n.version 9.0\n", "\n.target sm_80\n", "\n.address_size 64\n");
    }

    /** Names of files and folders would differ from machine to machine. */
    @Test
    void saysNothingOfTheMachineItWasMadeOn() {
        assertThat(Gpus.ptx()).doesNotContain(".file", ".loc", ".cu\"", "/home", "/usr");
    }

    /** Every kernel is covered by the interpreter, so none holds an atomic on floats or a spin on another block. */
    @Test
    void everyKernelIsUnderstood() {
        PtxModule module = new PtxModule(Gpus.ptx());
        assertThat(module.names()).isNotEmpty().allSatisfy(name -> assertThat(name).startsWith("m1_"));
        for (String name : module.names()) {
            PtxKernel kernel = module.kernel(name);
            assertThat(kernel.instructions()).as(name).isNotEmpty();
        }
    }
}
