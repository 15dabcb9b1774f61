package dev.m1.cuda.decoder;

import dev.m1.spi.Limits;
import java.util.HashMap;
import java.util.Map;

/** Limits of decoders whose large steps a library multiplies. */
final class PrefillOptions {
    private PrefillOptions() {}

    /** The same limits, and steps from {@code tokens} on in this way. */
    static Limits with(Limits limits, Prefill prefill, int tokens) {
        Map<String, String> options = new HashMap<>(limits.options());
        options.put(CudaOptions.PREFILL, prefill.value());
        options.put(CudaOptions.PREFILL_TOKENS, Integer.toString(tokens));
        return new Limits(
                limits.contextTokens(),
                limits.maxSequences(),
                limits.maxStepTokens(),
                limits.kvTokens(),
                limits.kvType(),
                limits.weights(),
                limits.threads(),
                options);
    }
}
