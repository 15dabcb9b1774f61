package dev.m1.cuda.driver;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.BackendException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody reads who asks for cuBLASLt where there is none that works. */
class NativeLibraryTest {
    @TempDir
    private Path root;

    private NativeLibrary load(Map<String, String> properties) {
        return NativeLibrary.first(new LibrarySearch(properties::get, name -> null, root).cublasLt());
    }

    @Test
    void aMissingLibraryIsNamedWithItsPlaces() {
        assertThatThrownBy(() -> load(Map.of("os.name", "Linux")).require("M1_CUDA_PREFILL=cublaslt needs cuBLASLt"))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll(
                        "M1_CUDA_PREFILL=cublaslt needs cuBLASLt: looked for libcublasLt.so.13, libcublasLt.so.12",
                        root.resolve("usr/local/cuda/lib64").toString(),
                        "m1.cuda.cublas");
    }

    @Test
    void aFileThatIsNoLibraryIsNamed() throws IOException {
        Path file = Files.writeString(root.resolve("libcublasLt.so.13"), "not a library");
        NativeLibrary loaded = load(Map.of("os.name", "Linux", "m1.cuda.cublas", file.toString()));
        assertThatThrownBy(() -> loaded.require("somebody needs it"))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("somebody needs it", file + " cannot be loaded");
    }
}
