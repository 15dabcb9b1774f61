// Copies from global to shared memory that a thread starts and later waits for.
#pragma once
#include "m1.cuh"

namespace m1 {

// 16 bytes, past the L1 cache. Nobody may look at them before this thread has waited, and others a barrier later.
__device__ inline void copy_async(void *shared, const void *global) {
#ifdef M1_HOST_EMULATION
    m1emu::m1emu_copy_async(shared, global, 16);
#else
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16;" ::"r"((unsigned)__cvta_generic_to_shared(shared)),
                 "l"(__cvta_generic_to_global(global))
                 : "memory");
#endif
}

// Until all copies that this thread has started have arrived.
__device__ inline void wait_for_copies() {
#ifdef M1_HOST_EMULATION
    m1emu::m1emu_copy_async_commit();
    m1emu::m1emu_copy_async_wait(0);
#else
    asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}

} // namespace m1
