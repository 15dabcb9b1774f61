package dev.m1.cuda.ptx;

import java.util.List;

/**
 * A kernel, ready to run.
 *
 * @param parameters in order
 * @param instructions its body
 * @param registers how many a lane has
 * @param sharedBytes static shared memory; dynamic shared memory comes after it
 */
record PtxKernel(
        String name, List<Parameter> parameters, Instruction[] instructions, int registers, int sharedBytes) {
    /** A parameter's place in parameter space, in bytes. */
    record Parameter(String name, int offset, int bytes) {}

    int parameterBytes() {
        return parameters.isEmpty() ? 0 : parameters.getLast().offset() + parameters.getLast().bytes();
    }
}
