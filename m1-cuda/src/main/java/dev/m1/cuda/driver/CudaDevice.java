package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A device, by its ordinal.
 *
 * @param id the driver's number
 * @param name what the driver calls it
 * @param major compute capability before the dot
 * @param minor compute capability behind the dot
 * @param multiprocessors number of them
 * @param totalBytes its memory
 */
public record CudaDevice(int id, String name, int major, int minor, int multiprocessors, long totalBytes) {
    private static final int NAME_BYTES = 256;

    /** How many devices the driver shows. */
    public static int count() {
        return Cuda.intOf("cuDeviceGetCount", CudaDriver::cuDeviceGetCount);
    }

    /** The device of an ordinal in {@code [0, count())}. */
    public static CudaDevice of(int ordinal) {
        int id = Cuda.intOf("cuDeviceGet", out -> CudaDriver.cuDeviceGet(out, ordinal));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_BYTES);
            Cuda.check(CudaDriver.cuDeviceGetName(name, NAME_BYTES, id), "cuDeviceGetName");
            return new CudaDevice(
                    id,
                    name.getString(0),
                    attribute(id, CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR()),
                    attribute(id, CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR()),
                    attribute(id, CudaDriver.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT()),
                    Cuda.longOf("cuDeviceTotalMem_v2", out -> CudaDriver.cuDeviceTotalMem_v2(out, id)));
        }
    }

    private static int attribute(int id, int attribute) {
        return Cuda.intOf("cuDeviceGetAttribute", out -> CudaDriver.cuDeviceGetAttribute(out, attribute, id));
    }

    @Override
    public String toString() {
        return name + " (sm_" + major + minor + ", " + (totalBytes >> 20) + " MiB)";
    }
}
