package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuDecoderProviderTest {
    @Test
    void isAlwaysAvailableAndSaysWithWhat() {
        CpuDecoderProvider provider = new CpuDecoderProvider();
        assertThat(provider.name()).isEqualTo("cpu");
        assertThat(provider.probe().available()).isTrue();
        assertThat(provider.probe().detail()).contains("Vector API"); // the tests run with the flag
    }
}
