// Kernels with the mistakes that kernels have: the tests of the emulation prove that each is noticed.
#include "async.cuh"

// Reads what another thread has written, without a barrier in between. Right in one order of threads only.
extern "C" __global__ void broken_missing_barrier(float *out) {
    __shared__ float values[256];
    values[threadIdx.x] = (float)threadIdx.x;
    out[threadIdx.x] = values[(threadIdx.x + 37) % 256];
}
M1_KERNEL(broken_missing_barrier)

// A barrier that only some threads reach, while the others wait at another.
extern "C" __global__ void broken_divergent_barrier(float *out) {
    if (threadIdx.x < 100) {
        out[threadIdx.x] = (float)__syncthreads_count(1);
    } else {
        __syncthreads();
    }
}
M1_KERNEL(broken_divergent_barrier)

// A shuffle over all lanes that one lane does not take part in.
extern "C" __global__ void broken_divergent_shuffle(float *out) {
    float v = (float)threadIdx.x;
    if (threadIdx.x % 32 != 0) {
        v = __shfl_xor_sync(0xffffffffu, v, 1);
    }
    out[threadIdx.x] = v;
}
M1_KERNEL(broken_divergent_shuffle)

// Adds to shared memory that nobody has set to zero.
extern "C" __global__ void broken_uninitialised(float *out) {
    __shared__ float sum[32];
    sum[threadIdx.x % 32] += 1.0f;
    __syncthreads();
    out[threadIdx.x] = sum[threadIdx.x % 32];
}
M1_KERNEL(broken_uninitialised)

// Reads what it has begun to copy, without waiting.
extern "C" __global__ void broken_missing_wait(const float *in, float *out) {
    __shared__ float4 values[32];
    m1::copy_async(values + threadIdx.x, in + 4 * threadIdx.x);
    out[threadIdx.x] = values[threadIdx.x].x;
}
M1_KERNEL(broken_missing_wait)

// Writes one element too many.
extern "C" __global__ void broken_overrun(float *out, int n) {
    if ((int)threadIdx.x <= n) {
        out[threadIdx.x] = 1.0f;
    }
}
M1_KERNEL(broken_overrun)

// Adds floats in the order in which blocks happen to come.
extern "C" __global__ void broken_order(float *out) {
    if (threadIdx.x == 0) {
        *out += 1.0f / (float)(blockIdx.x + 1);
    }
}
M1_KERNEL(broken_order)

// Two kernels that are right on their own: what the second copies, the first writes.
extern "C" __global__ void broken_not_first(float *out) {
    m1::follow();
    out[threadIdx.x] = 1.0f;
}
M1_KERNEL(broken_not_first)

// Reads what the kernel before it writes, and waits afterwards.
extern "C" __global__ void broken_early_read(const float *from, float *out) {
    const float v = from[threadIdx.x];
    m1::dependency_wait();
    out[threadIdx.x] = v;
}
M1_KERNEL(broken_early_read)

// Writes what the kernel before it still reads.
extern "C" __global__ void broken_early_write(float *out) {
    out[threadIdx.x] = 2.0f;
    m1::dependency_wait();
}
M1_KERNEL(broken_early_write)

// Waits only where there is something to do.
extern "C" __global__ void broken_early_end(float *out) {
    if (threadIdx.x < 32) {
        m1::dependency_wait();
        out[threadIdx.x] = 1.0f;
    }
}
M1_KERNEL(broken_early_end)
