package dev.m1.cuda.ptx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.cuda.emulator.Gpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed PTX against the sources and against what this project promises about it. */
class CommittedPtxTest {
    private static final Pattern COMPILER = Pattern.compile("// Cuda compilation tools, (.*)");

    /** The texts that ship; their architectures are what the documentation asks for. */
    enum Text {
        PORTABLE("kernels.ptx", "sm_80"),
        SM90("kernels-sm90.ptx", "sm_90");

        private final String file;
        private final String target;

        Text(String file, String target) {
            this.file = file;
            this.target = target;
        }

        String text() {
            return this == PORTABLE ? Gpus.ptx() : Gpus.ptxOfSm90();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isWhatTheSourcesGive(Text committed) throws IOException {
        Path from = Path.of("target/cuda").resolve(committed.file); // by BuildKernels.java, where nvcc is
        Assumptions.assumeTrue(Files.exists(from), "no nvcc: the committed PTX is not compared with the sources");
        String built = Files.readString(from);
        String version = compiler(committed.text());
        Assumptions.assumeTrue(
                compiler(built).equals(version),
                "nvcc " + compiler(built) + ", the committed PTX is by " + version + ": not compared");
        assertThat(built.equals(committed.text()))
                .as("src/main/resources/dev/m1/cuda/" + committed.file + " is not what src/main/cuda gives; in m1-cuda,"
                        + " run: java src/main/cuda/BuildKernels.java update")
                .isTrue();
    }

    private static String compiler(String ptx) {
        Matcher matcher = COMPILER.matcher(ptx);
        return matcher.find() ? matcher.group(1) : "unknown";
    }

    /** The architecture, and the PTX version of the drivers that the documentation asks for. */
    @ParameterizedTest
    @EnumSource
    void runsWhereItShould(Text committed) {
        assertThat(committed.text())
                .contains("\n.version 9.0\n", "\n.target " + committed.target + "\n", "\n.address_size 64\n");
    }

    /** Names of files and folders would differ from machine to machine. */
    @ParameterizedTest
    @EnumSource
    void saysNothingOfTheMachineItWasMadeOn(Text committed) {
        assertThat(committed.text()).doesNotContain(".file", ".loc", ".cu\"", "/home", "/usr");
    }

    /** Every kernel is covered by the interpreter, so none holds an atomic on floats or a spin on another block. */
    @ParameterizedTest
    @EnumSource
    void everyKernelIsUnderstood(Text committed) {
        PtxModule module = new PtxModule(committed.text());
        assertThat(module.names()).isNotEmpty().allSatisfy(name -> assertThat(name).startsWith("m1_"));
        assertThat(module.names()).isEqualTo(new PtxModule(Gpus.ptx()).names());
        for (String name : module.names()) {
            PtxKernel kernel = module.kernel(name);
            assertThat(kernel.instructions()).as(name).isNotEmpty();
        }
    }

    @Test
    void instructionsThatTheTargetLacksAreRefused() {
        String text = Gpus.ptxOfSm90().replace(".target sm_90", ".target sm_89");
        assertThatThrownBy(() -> new PtxModule(text)).hasMessageContaining("griddepcontrol");
        assertThat(Gpus.ptx()).doesNotContain("griddepcontrol");
    }
}
