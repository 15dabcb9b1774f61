package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaStream;

/** A kernel with its arguments. */
@FunctionalInterface
public interface Operation {
    /** Puts it into a stream, for a step of at most the bucket's size. */
    void enqueue(CudaStream stream, Bucket bucket);
}
