package dev.m1;

import dev.m1.spi.MemoryPlan;
import dev.m1.spi.ModelSpec;

/**
 * What an open model is and runs on.
 *
 * @param spec shape of the transformer
 * @param backend name of the compute backend
 * @param backendDetail the backend about itself: kernels, threads or device
 * @param backendReason why this backend was taken
 * @param memory bytes of weights, KV pool and scratch
 * @param contextTokens longest sequence, in tokens
 * @param maxSequences sequences that may run at the same time
 * @param protocol name of the thinking protocol the checkpoint is taken to follow
 * @param protocolReason what that was concluded from
 */
public record ModelInfo(
        ModelSpec spec,
        String backend,
        String backendDetail,
        String backendReason,
        MemoryPlan memory,
        int contextTokens,
        int maxSequences,
        String protocol,
        String protocolReason) {}
