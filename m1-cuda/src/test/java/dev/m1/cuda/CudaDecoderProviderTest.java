package dev.m1.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.BackendException;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightType;
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

    @Test
    void weightsThatWouldHaveToBeRoundedAreRefused() {
        Limits limits = new Limits(64, 1, 64, 64, KvType.F32, 1).withWeights(WeightType.Q8);
        assertThatThrownBy(() -> new CudaDecoderProvider().open(null, null, limits))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("backend cuda", "weights=Q8", "backend cpu");
    }

    @Test
    void packedWeightsAreNot() {
        Limits limits = new Limits(64, 1, 64, 64, KvType.F32, 1).withWeights(WeightType.PACKED);
        assertThatThrownBy(() -> new CudaDecoderProvider().open(null, null, limits)) // no device, or no model
                .message()
                .doesNotContain("weights=");
    }
}
