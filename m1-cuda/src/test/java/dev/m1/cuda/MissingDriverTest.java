package dev.m1.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.errors.BackendException;
import dev.m1.testing.ChildJvm;
import dev.m1.testing.Fixtures;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A machine without a driver, in a JVM of its own: a driver is looked for once. */
class MissingDriverTest {
    private static final String MISSING = Path.of("no-such-folder", "libcuda.so.1").toString();

    /** What the child does. */
    public static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            System.out.println("probe " + new CudaDecoderProvider().probe().detail());
            Path model = Path.of(arguments[0]);
            ModelOptions cuda = ModelOptions.builder().backend("cuda").contextTokens(64).build();
            try (LanguageModel opened = LanguageModel.open(model, cuda)) {
                System.out.println("opened " + opened.info().backend());
            } catch (BackendException e) {
                System.out.println("cuda " + e.getMessage());
            }
            ModelOptions auto = ModelOptions.builder().contextTokens(64).build();
            try (LanguageModel opened = LanguageModel.open(model, auto)) {
                System.out.println("auto " + opened.info().backend() + ", " + opened.info().backendReason());
            }
        }
    }

    @Test
    void itSaysWhatWasLookedForAndRunsOnTheProcessor() throws Exception {
        List<String> flags = List.of("-Dm1.cuda.driver=" + MISSING, "--enable-native-access=ALL-UNNAMED");
        String output = ChildJvm.run(flags, Child.class, Fixtures.model("tiny-qwen2").toString());
        List<String> lines = output.lines().toList();
        String detail = "no NVIDIA driver: looked for " + MISSING + ", which the system property m1.cuda.driver names";
        assertThat(lines).contains("probe " + detail);
        assertThat(lines).contains("cuda backend 'cuda' is not available: " + detail);
        assertThat(lines).contains("auto cpu, passed over cuda: " + detail);
    }
}
