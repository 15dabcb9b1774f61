// All kernels of m1, the ones that are wrong on purpose, and the one that only measures, for the emulated device.
#include "kernels.cu"

#include "broken.cu"
#include "read.cu"

namespace {
thread_local char touched;
}
// Makes sure that this thread has the library's thread-local segment, where static __shared__ variables live.
extern "C" __attribute__((visibility("default"))) void m1emu_touch_shared() {
    *const_cast<volatile char *>(&touched) = 1;
}
