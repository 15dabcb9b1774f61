// How kernels of one stream follow one another. Where a launch allows it (compute capability 9.0 and later, the option
// M1_CUDA_DEPENDENT_LAUNCH), a kernel begins while the one before it still runs, and waits when it needs what that one
// writes. Everywhere else these functions are nothing.
//
// Rules, which the emulated device checks:
//  - every block waits, also one that has nothing to do: a kernel's end must mean the end of all kernels before it;
//  - before it waits, a block touches nothing but weights, and only to have them brought closer;
//  - what kernels write is not read through a `const __restrict__` pointer: that promises a compiler that nobody writes
//    it as long as the kernel runs, and the kernel now runs before it waits.
#pragma once

namespace m1 {

// Lets the next kernel's blocks begin, once all of this one have.
__device__ inline void launch_dependents() {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.launch_dependents;" ::: "memory");
#endif
}

// Returns when the kernels before this one have ended and what they wrote can be read.
__device__ inline void dependency_wait() {
#if defined(M1_HOST_EMULATION)
    m1emu::m1emu_dependency_wait();
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}

// The beginning of a kernel that can do nothing before it waits.
__device__ inline void follow() {
    launch_dependents();
    dependency_wait();
}

// Asks for the first `bytes` of some rows, which the warp of this lane will read after it has waited.
__device__ inline void prefetch_rows(const void *first, long long stride, int rows, int bytes, int lane) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    constexpr int LINE = 128;
    const int lines = (bytes + LINE - 1) / LINE;
#pragma unroll 1
    for (int i = lane; i < rows * lines; i += 32) {
        const char *at = static_cast<const char *>(first) + i / lines * stride + i % lines * LINE;
        asm volatile("prefetch.global.L2 [%0];" ::"l"(__cvta_generic_to_global(at)));
    }
#endif
}

} // namespace m1
