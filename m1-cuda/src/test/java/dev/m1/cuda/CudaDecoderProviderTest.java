package dev.m1.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DecoderProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CudaDecoderProviderTest {
    @Test
    void theModuleDeclaresTheProvider() {
        assertThat(CudaDecoderProvider.class.getModule().getDescriptor().provides())
                .anySatisfy(provides -> {
                    assertThat(provides.service()).isEqualTo(DecoderProvider.class.getName());
                    assertThat(provides.providers()).containsExactly(CudaDecoderProvider.class.getName());
                });
    }

    @Test
    void theClassPathDeclaresTheProvider() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/META-INF/services/" + DecoderProvider.class.getName())) {
            assertThat(in).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo(CudaDecoderProvider.class.getName());
        }
    }
}
