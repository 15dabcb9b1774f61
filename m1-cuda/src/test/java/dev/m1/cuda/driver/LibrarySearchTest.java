package dev.m1.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search on made-up machines. */
class LibrarySearchTest {
    @TempDir
    private Path root;

    private final Map<String, String> properties = new HashMap<>(Map.of("os.name", "Linux"));
    private final Map<String, String> environment = new HashMap<>();

    private LibrarySearch search() {
        return new LibrarySearch(properties::get, environment::get, root);
    }

    private Path file(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    @Test
    void aMachineWithoutADriverIsToldWhereItWasLookedFor() throws IOException {
        Files.createDirectories(root.resolve("usr/lib/x86_64-linux-gnu"));
        LibrarySearch.Result found = search().driver();
        assertThat(found.files()).isEmpty();
        assertThat(found.lookedFor())
                .contains("libcuda.so.1", root.resolve("usr/lib/x86_64-linux-gnu").toString())
                .contains("LD_LIBRARY_PATH is not set", "m1.cuda.driver");
    }

    @Test
    void theDriverIsWhereTheLoaderLooks() throws IOException {
        Path usual = file("usr/lib/x86_64-linux-gnu/libcuda.so.1");
        Path configured = file("opt/nvidia/lib/libcuda.so.1");
        Path first = file("mine/libcuda.so.1");
        Files.writeString(file("etc/ld.so.conf.d/nvidia.conf"), "# the driver\n/opt/nvidia/lib\n");
        environment.put("LD_LIBRARY_PATH", root.resolve("empty") + ":" + root.resolve("mine"));
        assertThat(search().driver().files()).containsExactly(first, usual, configured);
    }

    @Test
    void aPropertyDecidesAlone() throws IOException {
        file("usr/lib/x86_64-linux-gnu/libcuda.so.1");
        Path own = file("own/driver.so");
        properties.put("m1.cuda.driver", own.toString());
        assertThat(search().driver().files()).containsExactly(own);
        properties.put("m1.cuda.driver", root.resolve("missing.so").toString());
        assertThat(search().driver().files()).isEmpty();
        assertThat(search().driver().lookedFor()).contains("missing.so", "m1.cuda.driver");
    }

    @Test
    void theNewestCublasComesFirstWhereverItIs() throws IOException {
        Path old = file("cuda/lib64/libcublasLt.so.12");
        Path wheel = file("venv/lib/python3.11/site-packages/nvidia/cu13/lib/libcublasLt.so.13");
        environment.put("CUDA_HOME", root.resolve("cuda").toString());
        environment.put("VIRTUAL_ENV", root.resolve("venv").toString());
        assertThat(search().cublasLt().files()).containsExactly(wheel, old);
    }

    @Test
    void windowsHasItsOwnNames() throws IOException {
        properties.put("os.name", "Windows 11");
        environment.put("SystemRoot", root.toString());
        Path driver = file("System32/nvcuda.dll");
        assertThat(search().driver().files()).containsExactly(driver);
    }
}
