#include "device_state.h"

#include "begun.h"

#include <dlfcn.h>
#include <link.h>

#include <cstdlib>

namespace m1emu {

namespace {
#ifdef __SANITIZE_ADDRESS__
constexpr size_t RED_ZONE = 0; // the sanitizer has its own
#else
constexpr size_t RED_ZONE = 512;
#endif
constexpr unsigned char RED = 0xa5, FRESH = 0xcd; // floats of -7e-17 and -4e8: neither goes unnoticed

bool is_sticky(CUresult code) {
    return code == CUDA_ERROR_ILLEGAL_ADDRESS || code == CUDA_ERROR_LAUNCH_FAILED ||
           code == CUDA_ERROR_LAUNCH_TIMEOUT || code == CUDA_ERROR_HARDWARE_STACK_ERROR ||
           code == CUDA_ERROR_ILLEGAL_INSTRUCTION || code == CUDA_ERROR_MISALIGNED_ADDRESS ||
           code == CUDA_ERROR_ECC_UNCORRECTABLE;
}
} // namespace

CUcontext &current_context() {
    static thread_local CUcontext context = nullptr;
    return context;
}

Device &Device::get() {
    static Device *device = new Device;
    return *device;
}

CUresult Device::injected(const char *call) {
    auto failure = failures.find(call);
    if (failure == failures.end() || --failure->second.first >= 0) {
        return CUDA_SUCCESS;
    }
    const CUresult code = failure->second.second;
    failures.erase(failure);
    return code;
}

CUresult Device::enter(const char *call, bool needs_context) {
    const CUresult code = injected(call);
    if (code != CUDA_SUCCESS) {
        return fail(code, std::string("injected into ") + call);
    }
    if (!initialised) {
        return CUDA_ERROR_NOT_INITIALIZED;
    }
    if (sticky != CUDA_SUCCESS) {
        return sticky;
    }
    return needs_context && !current_context() ? CUDA_ERROR_INVALID_CONTEXT : CUDA_SUCCESS;
}

CUresult Device::fail(CUresult code, const std::string &text) {
    message = text;
    if (is_sticky(code)) {
        sticky = code;
    }
    return code;
}

CUresult Device::allocate(CUdeviceptr *to, size_t bytes) {
    if (bytes == 0) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    if (bytes > total - used) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    void *at = nullptr;
    if (posix_memalign(&at, 512, bytes + RED_ZONE) != 0) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    memset(at, FRESH, bytes);
    memset(static_cast<char *>(at) + bytes, RED, RED_ZONE);
    used += bytes;
    allocations[reinterpret_cast<uintptr_t>(at)] = bytes;
    *to = reinterpret_cast<CUdeviceptr>(at);
    return CUDA_SUCCESS;
}

CUresult Device::release(CUdeviceptr at) {
    auto i = allocations.find(at);
    if (i == allocations.end()) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    const CUresult result = drain();
    used -= i->second;
    free(reinterpret_cast<void *>(i->first));
    allocations.erase(i);
    return result;
}

bool Device::owns(CUdeviceptr at, size_t bytes) const {
    auto i = allocations.upper_bound(at);
    if (i == allocations.begin()) {
        return false;
    }
    --i;
    return at - i->first <= i->second && bytes <= i->second - (at - i->first);
}

bool Device::pinned(const void *at) const {
    auto i = pinned_memory.upper_bound(reinterpret_cast<uintptr_t>(at));
    return i != pinned_memory.begin() && reinterpret_cast<uintptr_t>(at) - (--i)->first < i->second;
}

CUresult Device::submit(Stream *stream, Work work) {
    (stream ? stream : &usual)->behind_kernel = work.is_kernel;
    if (stream && stream->capture) {
        stream->capture->nodes.push_back(std::move(work));
        return CUDA_SUCCESS;
    }
    pending.push_back({std::move(work), nullptr});
    return CUDA_SUCCESS;
}

// As on a device, a dependent launch can begin long before its turn: when those between have begun, too.
void Device::begin_ahead() {
    constexpr size_t AHEAD = 2;
    for (size_t i = 1; i < pending.size() && i <= AHEAD && pending[i].work.begin; i++) {
        if (!pending[i].rest) {
            pending[i].rest = pending[i].work.begin();
            begun++;
        }
    }
}

CUresult Device::drain() {
    while (!pending.empty() && sticky == CUDA_SUCCESS) {
        begin_ahead();
        Pending next = std::move(pending.front());
        pending.pop_front();
        const CUresult result = next.rest ? next.rest() : next.work.run();
        if (result != CUDA_SUCCESS) {
            sticky = result;
        }
    }
    pending.clear();
    return sticky;
}

std::vector<void *> Launch::pointers() const {
    std::vector<void *> to;
    for (const auto &p : parameters) {
        to.push_back(const_cast<char *>(p.data()));
    }
    return to;
}

const Kernel *Device::kernel(const char *name) {
    if (!kernels_library) {
        Dl_info self;
        if (!dladdr(reinterpret_cast<void *>(&current_context), &self)) {
            return nullptr;
        }
        std::string path = self.dli_fname;
        path = path.substr(0, path.rfind('/') + 1) + "libm1kernels.so";
        // The kernels look for what they need of this library among the global symbols.
        dlopen(self.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
        kernels_library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!kernels_library) {
            message = dlerror();
            return nullptr;
        }
        kernels_base = static_cast<link_map *>(kernels_library)->l_addr;
    }
    auto *found = static_cast<const Kernel *>(dlsym(kernels_library, (std::string("m1emu_kernel_") + name).c_str()));
    if (!found) {
        message = std::string("no host build of kernel ") + name;
    }
    return found;
}

// Touches one thread-local variable of the library, so that this thread has its segment, and finds it.
SharedSegment Device::shared_segment() const {
    static thread_local SharedSegment segment; // stays where it is as long as the thread lives
    if (segment.at) {
        return segment;
    }
    auto *touch = reinterpret_cast<void (*)()>(dlsym(kernels_library, "m1emu_touch_shared"));
    if (touch) {
        touch();
    }
    struct Search {
        uintptr_t base;
        SharedSegment found;
    } search{kernels_base, {}};
    dl_iterate_phdr(
        [](dl_phdr_info *info, size_t, void *argument) {
            auto *s = static_cast<Search *>(argument);
            if (info->dlpi_addr != s->base || !info->dlpi_tls_data) {
                return 0;
            }
            for (int i = 0; i < info->dlpi_phnum; i++) {
                if (info->dlpi_phdr[i].p_type == PT_TLS) {
                    s->found = {info->dlpi_tls_data, info->dlpi_phdr[i].p_memsz};
                }
            }
            return 1;
        },
        &search);
    segment = search.found;
    return segment;
}

Run Device::begin(const Launch &l) {
    // Held by the launch's rest, which runs, or is dropped, before the driver's call returns.
    auto begun = std::make_shared<Begun>(l, schedule, seed, shared_segment());
    return [this, begun] { return launch(begun->launch, begun.get()); };
}

CUresult Device::launch(const Launch &l, Begun *begun) {
    std::vector<void *> parameters = l.pointers();
    const Kernel &kernel = *l.function->kernel;
    Block block(kernel, l.grid, l.block, l.dynamic_bytes, parameters.data(), schedule, seed, l.dependent, nullptr);
    const SharedSegment shared = shared_segment();
    const long blocks = l.blocks();
    // In the random schedule, blocks come in the order of i * step mod blocks, for a step without a common divisor.
    long step = schedule == RANDOM ? long(seed * 7919 % uint64_t(blocks)) | 1 : 1;
    while (std::__gcd(step, blocks) != 1) {
        step += 2;
    }
    for (long i = 0; i < blocks; i++) {
        const long index = schedule == REVERSE ? blocks - 1 - i : long((unsigned __int128)i * step % blocks);
        const bool halfway = begun && begun->has(index);
        const std::string wrong = halfway ? begun->finish(index, shared) : block.run(index, shared);
        if (!wrong.empty()) {
            return fail(CUDA_ERROR_LAUNCH_FAILED, wrong);
        }
    }
    const CUresult result = check_red_zones();
    if (result != CUDA_SUCCESS) {
        message = std::string("kernel ") + kernel.name + " wrote " + message;
    }
    return result;
}

CUresult Device::check_red_zones() {
    for (const auto &a : allocations) {
        const auto *zone = reinterpret_cast<const unsigned char *>(a.first + a.second);
        for (size_t i = 0; i < RED_ZONE; i++) {
            if (zone[i] != RED) {
                return fail(CUDA_ERROR_ILLEGAL_ADDRESS,
                            std::to_string(i) + " bytes beyond the end of " + std::to_string(a.second));
            }
        }
    }
    return CUDA_SUCCESS;
}

} // namespace m1emu
