// All kernels of m1, and the ones that are wrong on purpose, for the emulated device.
#include "kernels.cu"

#include "broken.cu"

namespace {
thread_local char touched;
}
// Makes sure that this thread has the library's thread-local segment, where static __shared__ variables live.
extern "C" __attribute__((visibility("default"))) void m1emu_touch_shared() {
    *const_cast<volatile char *>(&touched) = 1;
}
