package dev.m1.cpu.kernels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Picks the kernels: the Vector API where the JVM was started with it, else plain Java. */
public final class KernelSelection {
    /** The flag that makes the Vector API available. */
    public static final String FLAG = "--add-modules jdk.incubator.vector";

    private static final Logger LOG = LoggerFactory.getLogger(KernelSelection.class);

    private KernelSelection() {}

    /**
     * True if the module of the Vector API is part of this JVM's boot layer. No vector class is touched to find out.
     */
    public static boolean vectorApiPresent() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** The best kernels here. Where that is plain Java, a warning says so, once in a JVM's life. */
    public static Kernels best() {
        // Named and loaded only here: without the module no class that mentions vectors is ever touched.
        return vectorApiPresent() ? new VectorKernels() : Fallback.KERNELS;
    }

    /** Initialised at first use, which is what makes it warn once. */
    private static final class Fallback {
        static final Kernels KERNELS = new ScalarKernels();

        static {
            LOG.warn("The Vector API is absent, so m1 computes with slow scalar kernels. Start the JVM with {}.", FLAG);
        }
    }
}
