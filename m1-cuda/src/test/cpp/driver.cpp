// The entry points of libcuda.so.1 that m1 calls, with their real signatures.
#include "device_state.h"
#include "hooks.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#undef cuEventElapsedTime
#define API extern "C" __attribute__((visibility("default")))

using namespace m1emu;

namespace {

struct Entry {
    Device &device = Device::get();
    std::lock_guard<std::recursive_mutex> lock{device.mutex};
    CUresult result;
    explicit Entry(const char *call, bool needs_context = true) : result(device.enter(call, needs_context)) {}
};

Stream *stream_of(CUstream s) { return reinterpret_cast<Stream *>(s); }

double now() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <class T, class Handle> CUresult created(Device &device, T *object, Handle *to) {
    device.objects.insert(object);
    *to = reinterpret_cast<Handle>(object);
    return CUDA_SUCCESS;
}

template <class T> CUresult destroyed(Device &device, void *handle) {
    if (!device.objects.erase(handle)) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    delete static_cast<T *>(handle);
    return CUDA_SUCCESS;
}

CUresult copy(Entry &e, Stream *stream, void *to, const void *from, size_t bytes, bool to_device, bool from_device,
              bool wait) {
    Device &d = e.device;
    if ((to_device && !d.owns(CUdeviceptr(to), bytes)) || (from_device && !d.owns(CUdeviceptr(from), bytes))) {
        return d.fail(CUDA_ERROR_INVALID_VALUE, "a copy beyond device memory");
    }
    if (!from_device && !d.pinned(from)) { // the real driver reads pageable memory before it returns
        std::vector<char> staged(static_cast<const char *>(from), static_cast<const char *>(from) + bytes);
        d.submit(stream, [=, staged = std::move(staged)] {
            memcpy(to, staged.data(), bytes);
            return CUDA_SUCCESS;
        });
    } else {
        d.submit(stream, [=] {
            memmove(to, from, bytes);
            return CUDA_SUCCESS;
        });
    }
    return wait ? d.drain() : CUDA_SUCCESS;
}

CUresult fill(Entry &e, CUstream stream, CUdeviceptr to, const void *pattern, size_t size, size_t n) {
    if (!e.device.owns(to, n * size)) {
        return e.device.fail(CUDA_ERROR_INVALID_VALUE, "a memset beyond device memory");
    }
    std::vector<char> value(static_cast<const char *>(pattern), static_cast<const char *>(pattern) + size);
    return e.device.submit(stream_of(stream), [=] {
        if (size == 1) {
            memset(reinterpret_cast<void *>(to), value[0], n);
            return CUDA_SUCCESS;
        }
        for (size_t i = 0; i < n; i++) {
            memcpy(reinterpret_cast<char *>(to) + i * size, value.data(), size);
        }
        return CUDA_SUCCESS;
    });
}

// The architecture that PTX text asks for at least, in the form 80.
int target(const char *ptx) {
    static const char TARGET[] = ".target sm_";
    const char *at = strstr(ptx, TARGET);
    return at ? atoi(at + sizeof TARGET - 1) : 0;
}

// Kernels of PTX text with their parameters' sizes.
bool parse(const char *ptx, Module &module) {
    if (strncmp(ptx, "//", 2) != 0 && !strstr(ptx, ".version")) {
        return false;
    }
    static const char ENTRY[] = ".visible .entry ";
    for (const char *p = ptx; (p = strstr(p, ENTRY)) != nullptr;) {
        p += sizeof ENTRY - 1;
        const char *open = strchr(p, '(');
        const char *close = open ? strchr(open, ')') : nullptr;
        if (!close) {
            return false;
        }
        std::vector<unsigned> sizes;
        for (const char *q = open; (q = strstr(q, ".param ")) != nullptr && q < close;) {
            q += 7;
            char type[8] = {};
            unsigned align = 0, bytes = 0;
            if (sscanf(q, ".align %u .b8 %*[^[][%u]", &align, &bytes) != 2) {
                sscanf(q, ".%7[a-z0-9]", type);
                bytes = unsigned(atoi(type + 1)) / 8;
            }
            sizes.push_back(bytes);
        }
        module.kernels[std::string(p, open)] = sizes;
    }
    return !module.kernels.empty();
}

} // namespace

// ---- controls for tests ----------------------------------------------------------------------------------------------

API void m1emu_set_schedule(int kind, unsigned seed) {
    Device::get().schedule = Schedule(kind);
    Device::get().seed = seed ? seed : 1;
}
API const char *m1emu_last_message() { return Device::get().message.c_str(); }
API int m1emu_live_objects() {
    const Device &d = Device::get();
    return int(d.allocations.size() + d.pinned_memory.size() + d.objects.size()) + d.contexts;
}
API void m1emu_fail_next(const char *call, int code, int after) {
    Device::get().failures[call] = {after, CUresult(code)};
}
API void m1emu_clear_error() {
    Device::get().sticky = CUDA_SUCCESS;
    Device::get().failures.clear();
}
API void m1emu_set_capability(int capability) { Device::get().capability = capability; }
API int m1emu_begun() { return Device::get().begun; }
API void m1emu_set_memory(size_t total, size_t free) {
    Device::get().total = total;
    Device::get().used = total - free;
}
// ---- for the emulated cuBLAS (hooks.h) -------------------------------------------------------------------------------

API int m1emu_injected(const char *call) {
    std::lock_guard<std::recursive_mutex> lock(Device::get().mutex);
    return Device::get().injected(call);
}
API int m1emu_ready() {
    std::lock_guard<std::recursive_mutex> lock(Device::get().mutex);
    return Device::get().sticky ? Device::get().sticky : current_context() ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}
API int m1emu_submit(void *stream, int (*run)(const void *), const void *argument, size_t bytes) {
    std::vector<char> held(static_cast<const char *>(argument), static_cast<const char *>(argument) + bytes);
    std::lock_guard<std::recursive_mutex> lock(Device::get().mutex);
    return Device::get().submit(static_cast<Stream *>(stream), [=] { return CUresult(run(held.data())); });
}
API int m1emu_owns(const void *at, size_t bytes) { return Device::get().owns(CUdeviceptr(at), bytes); }
API void m1emu_object(void *object, int made) {
    std::lock_guard<std::recursive_mutex> lock(Device::get().mutex);
    made ? void(Device::get().objects.insert(object)) : void(Device::get().objects.erase(object));
}
API void m1emu_say(const char *text) { Device::get().message = text; }

// ---- device and context ----------------------------------------------------------------------------------------------

API CUresult cuInit(unsigned) {
    Device::get().initialised = true;
    return Entry("cuInit", false).result;
}
API CUresult cuDriverGetVersion(int *version) {
    *version = 13000;
    return CUDA_SUCCESS;
}
API CUresult cuDeviceGetCount(int *count) {
    Entry e("cuDeviceGetCount", false);
    *count = 1;
    return e.result;
}
API CUresult cuDeviceGet(CUdevice *device, int ordinal) {
    Entry e("cuDeviceGet", false);
    *device = 0;
    return e.result ? e.result : ordinal == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}
API CUresult cuDeviceGetName(char *name, int length, CUdevice) {
    Entry e("cuDeviceGetName", false);
    snprintf(name, size_t(length), "Emulated GPU");
    return e.result;
}
API CUresult cuDeviceGetUuid_v2(CUuuid *uuid, CUdevice) {
    memset(uuid, 0x11, sizeof *uuid);
    return CUDA_SUCCESS;
}
API CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice) {
    Entry e("cuDeviceTotalMem_v2", false);
    *bytes = e.device.total;
    return e.result;
}
API CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice) {
    Entry e("cuDeviceGetAttribute", false);
    switch (attribute) {
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = e.device.capability / 10; break;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = e.device.capability % 10; break;
    case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: *value = 2; break;
    case CU_DEVICE_ATTRIBUTE_WARP_SIZE: *value = 32; break;
    case CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK: *value = 1024; break;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK: *value = 48 * 1024; break;
    case CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN: *value = 163 * 1024; break;
    case CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE: *value = 40 << 20; break;
    case CU_DEVICE_ATTRIBUTE_UNIFIED_ADDRESSING: *value = 1; break;
    default: *value = 0;
    }
    return e.result;
}
API CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice) {
    Entry e("cuDevicePrimaryCtxRetain", false);
    if (e.result == CUDA_SUCCESS) {
        e.device.contexts++;
        *context = reinterpret_cast<CUcontext>(&e.device);
    }
    return e.result;
}
API CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) {
    Device &d = Device::get();
    std::lock_guard<std::recursive_mutex> lock(d.mutex);
    if (d.contexts == 0) {
        return CUDA_ERROR_INVALID_CONTEXT;
    }
    if (--d.contexts == 0) {
        d.sticky = CUDA_SUCCESS; // a new context starts clean
    }
    return CUDA_SUCCESS;
}
API CUresult cuCtxSetCurrent(CUcontext context) {
    Entry e("cuCtxSetCurrent", false);
    current_context() = context;
    return e.result;
}
API CUresult cuCtxGetCurrent(CUcontext *context) {
    *context = current_context();
    return CUDA_SUCCESS;
}
API CUresult cuCtxSynchronize() {
    Entry e("cuCtxSynchronize");
    return e.result ? e.result : e.device.drain();
}

// ---- memory ----------------------------------------------------------------------------------------------------------

API CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    Entry e("cuMemGetInfo_v2");
    *total = e.device.total;
    *free = e.device.total - e.device.used;
    return e.result;
}
API CUresult cuMemAlloc_v2(CUdeviceptr *to, size_t bytes) {
    Entry e("cuMemAlloc_v2");
    return e.result ? e.result : e.device.allocate(to, bytes);
}
API CUresult cuMemFree_v2(CUdeviceptr at) {
    Device &d = Device::get();
    std::lock_guard<std::recursive_mutex> lock(d.mutex);
    return d.release(at);
}
API CUresult cuMemHostAlloc(void **to, size_t bytes, unsigned) {
    Entry e("cuMemHostAlloc");
    if (e.result) {
        return e.result;
    }
    *to = aligned_alloc(4096, (bytes + 4095) & ~size_t(4095));
    if (!*to) {
        return CUDA_ERROR_OUT_OF_MEMORY;
    }
    memset(*to, 0xcd, bytes);
    e.device.pinned_memory[reinterpret_cast<uintptr_t>(*to)] = bytes;
    return CUDA_SUCCESS;
}
API CUresult cuMemAllocHost_v2(void **to, size_t bytes) { return cuMemHostAlloc(to, bytes, 0); }
API CUresult cuMemFreeHost(void *at) {
    Device &d = Device::get();
    std::lock_guard<std::recursive_mutex> lock(d.mutex);
    d.drain();
    if (!d.pinned_memory.erase(reinterpret_cast<uintptr_t>(at))) {
        return CUDA_ERROR_INVALID_VALUE;
    }
    free(at);
    return CUDA_SUCCESS;
}
#define COPY(name, To, From, stream, to_device, from_device, wait)                                                     \
    {                                                                                                                  \
        Entry e(name);                                                                                                 \
        return e.result ? e.result                                                                                     \
                        : copy(e, stream_of(stream), (void *)(To), (const void *)(From), bytes, to_device,             \
                               from_device, wait);                                                                     \
    }
API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t bytes)
    COPY("cuMemcpyHtoD_v2", to, from, nullptr, true, false, true)
API CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t bytes)
    COPY("cuMemcpyDtoH_v2", to, from, nullptr, false, true, true)
API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream s)
    COPY("cuMemcpyHtoDAsync_v2", to, from, s, true, false, false)
API CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream s)
    COPY("cuMemcpyDtoHAsync_v2", to, from, s, false, true, false)
API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t bytes, CUstream s)
    COPY("cuMemcpyDtoDAsync_v2", to, from, s, true, true, false)
API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t n, CUstream s) {
    Entry e("cuMemsetD8Async");
    return e.result ? e.result : fill(e, s, to, &value, 1, n);
}
API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned value, size_t n, CUstream s) {
    Entry e("cuMemsetD32Async");
    return e.result ? e.result : fill(e, s, to, &value, 4, n);
}

// ---- streams, events, graphs -----------------------------------------------------------------------------------------

API CUresult cuStreamCreate(CUstream *stream, unsigned) {
    Entry e("cuStreamCreate");
    return e.result ? e.result : created(e.device, new Stream, stream);
}
API CUresult cuStreamDestroy_v2(CUstream stream) {
    Device &d = Device::get();
    std::lock_guard<std::recursive_mutex> lock(d.mutex);
    d.drain();
    return destroyed<Stream>(d, stream);
}
API CUresult cuStreamSynchronize(CUstream stream) {
    Entry e("cuStreamSynchronize");
    if (stream && stream_of(stream)->capture) {
        return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
    return e.result ? e.result : e.device.drain();
}
API CUresult cuStreamQuery(CUstream) {
    Entry e("cuStreamQuery");
    return e.result ? e.result : e.device.drain();
}
API CUresult cuStreamWaitEvent(CUstream, CUevent, unsigned) { return Entry("cuStreamWaitEvent").result; }
API CUresult cuStreamBeginCapture_v2(CUstream stream, CUstreamCaptureMode) {
    Entry e("cuStreamBeginCapture_v2");
    if (e.result) {
        return e.result;
    }
    if (!stream || stream_of(stream)->capture) {
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    stream_of(stream)->capture = new Graph;
    stream_of(stream)->behind_kernel = false;
    return CUDA_SUCCESS;
}
API CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph) {
    Entry e("cuStreamEndCapture");
    if (!stream || !stream_of(stream)->capture) {
        return CUDA_ERROR_ILLEGAL_STATE;
    }
    Graph *captured = std::exchange(stream_of(stream)->capture, nullptr);
    stream_of(stream)->behind_kernel = false;
    if (e.result) {
        delete captured;
        return e.result;
    }
    return created(e.device, captured, graph);
}
API CUresult cuGraphInstantiateWithFlags(CUgraphExec *executable, CUgraph graph, unsigned long long) {
    Entry e("cuGraphInstantiateWithFlags");
    return e.result ? e.result : created(e.device, new Graph(*reinterpret_cast<Graph *>(graph)), executable);
}
API CUresult cuGraphUpload(CUgraphExec, CUstream) { return Entry("cuGraphUpload").result; }
API CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) {
    Entry e("cuGraphLaunch");
    if (e.result) {
        return e.result;
    }
    for (const Work &work : reinterpret_cast<Graph *>(executable)->nodes) {
        e.device.submit(stream_of(stream), work);
    }
    return CUDA_SUCCESS;
}
#define DESTROY(name, Handle, Type)                                                                                    \
    API CUresult name(Handle handle) {                                                                                 \
        Device &d = Device::get();                                                                                     \
        std::lock_guard<std::recursive_mutex> lock(d.mutex);                                                           \
        d.drain();                                                                                                     \
        return destroyed<Type>(d, handle);                                                                             \
    }
DESTROY(cuGraphExecDestroy, CUgraphExec, Graph)
DESTROY(cuGraphDestroy, CUgraph, Graph)
DESTROY(cuEventDestroy_v2, CUevent, Event)
DESTROY(cuModuleUnload, CUmodule, Module)

API CUresult cuEventCreate(CUevent *event, unsigned) {
    Entry e("cuEventCreate");
    return e.result ? e.result : created(e.device, new Event, event);
}
API CUresult cuEventRecord(CUevent event, CUstream stream) {
    Entry e("cuEventRecord");
    auto *recorded = reinterpret_cast<Event *>(event);
    recorded->recorded = true;
    recorded->reached = false;
    return e.result ? e.result : e.device.submit(stream_of(stream), [=] {
        recorded->reached = true;
        recorded->milliseconds = now();
        return CUDA_SUCCESS;
    });
}
API CUresult cuEventSynchronize(CUevent) {
    Entry e("cuEventSynchronize");
    return e.result ? e.result : e.device.drain();
}
// A polling loop sees "not ready" once.
API CUresult cuEventQuery(CUevent event) {
    Entry e("cuEventQuery");
    const bool reached = reinterpret_cast<Event *>(event)->reached;
    const CUresult result = e.result ? e.result : e.device.drain();
    return result ? result : reached ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}
API CUresult cuEventElapsedTime(float *milliseconds, CUevent start, CUevent end) {
    Entry e("cuEventElapsedTime");
    auto *a = reinterpret_cast<Event *>(start), *b = reinterpret_cast<Event *>(end);
    if (!a->recorded || !b->recorded) {
        return CUDA_ERROR_INVALID_HANDLE;
    }
    *milliseconds = float(b->milliseconds - a->milliseconds);
    return e.result ? e.result : a->reached && b->reached ? CUDA_SUCCESS : CUDA_ERROR_NOT_READY;
}
API CUresult cuEventElapsedTime_v2(float *milliseconds, CUevent start, CUevent end) {
    return cuEventElapsedTime(milliseconds, start, end);
}

// ---- modules and launches --------------------------------------------------------------------------------------------

API CUresult cuModuleLoadDataEx(
    CUmodule *to, const void *image, unsigned options, CUjit_option *option, void **values) {
    Entry e("cuModuleLoadDataEx");
    if (e.result) {
        return e.result;
    }
    if (target(static_cast<const char *>(image)) > e.device.capability) {
        return e.device.fail(CUDA_ERROR_NO_BINARY_FOR_GPU, "PTX for a later device");
    }
    auto *module = new Module;
    const bool good = parse(static_cast<const char *>(image), *module);
    for (unsigned i = 0; i < options; i++) {
        if (option[i] == CU_JIT_ERROR_LOG_BUFFER || option[i] == CU_JIT_INFO_LOG_BUFFER) {
            strcpy(static_cast<char *>(values[i]), good ? "" : "not PTX");
        }
    }
    if (!good) {
        delete module;
        return e.device.fail(CUDA_ERROR_INVALID_PTX, "not PTX");
    }
    return created(e.device, module, to);
}
API CUresult cuModuleLoadData(CUmodule *to, const void *image) {
    return cuModuleLoadDataEx(to, image, 0, nullptr, nullptr);
}
API CUresult cuModuleGetFunction(CUfunction *to, CUmodule handle, const char *name) {
    Entry e("cuModuleGetFunction");
    if (e.result) {
        return e.result;
    }
    auto *module = reinterpret_cast<Module *>(handle);
    const auto declared = module->kernels.find(name);
    if (declared == module->kernels.end()) {
        return CUDA_ERROR_NOT_FOUND;
    }
    const Kernel *kernel = e.device.kernel(name);
    if (!kernel) {
        return CUDA_ERROR_NOT_FOUND;
    }
    if (declared->second != std::vector<unsigned>(kernel->sizes, kernel->sizes + kernel->parameters)) {
        return e.device.fail(CUDA_ERROR_INVALID_IMAGE, std::string("PTX and host build have other parameters: ") + name);
    }
    static std::map<std::pair<Module *, std::string>, Function *> functions; // live as long as the process: small
    Function *&function = functions[{module, name}];
    if (!function) {
        function = new Function{kernel, module};
    }
    *to = reinterpret_cast<CUfunction>(function);
    return CUDA_SUCCESS;
}
API CUresult cuFuncSetAttribute(CUfunction function, CUfunction_attribute attribute, int value) {
    Entry e("cuFuncSetAttribute");
    if (attribute == CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES) {
        if (value < 0 || value > 163 * 1024) {
            return CUDA_ERROR_INVALID_VALUE;
        }
        reinterpret_cast<Function *>(function)->most_dynamic_bytes = unsigned(value);
    }
    return e.result;
}
namespace {
CUresult launch(
    Entry &e, CUfunction handle, const CUlaunchConfig &c, bool dependent, void **parameters, void **extra) {
    const unsigned gx = c.gridDimX, gy = c.gridDimY, gz = c.gridDimZ;
    const unsigned bx = c.blockDimX, by = c.blockDimY, bz = c.blockDimZ, dynamic = c.sharedMemBytes;
    Stream *stream = stream_of(c.hStream);
    auto *function = reinterpret_cast<Function *>(handle);
    if (extra || !gx || !gy || !gz || !bx || !by || !bz || size_t(bx) * by * bz > 1024 || gy > 65535 || gz > 65535 ||
        gx > 0x7fffffffu || dynamic > function->most_dynamic_bytes) {
        return e.device.fail(CUDA_ERROR_INVALID_VALUE, "a launch beyond the device's limits");
    }
    if (dependent && e.device.capability < 90) {
        return e.device.fail(CUDA_ERROR_NOT_SUPPORTED, "a dependent launch on a device that has none");
    }
    // The real driver would take it and wait for all of the work; m1 promises not to ask for it.
    if (dependent && !(stream ? stream : &e.device.usual)->behind_kernel) {
        return e.device.fail(CUDA_ERROR_INVALID_VALUE, "a dependent launch behind something that is no kernel");
    }
    Launch launch{function, dim3(gx, gy, gz), dim3(bx, by, bz), dynamic, {}, dependent};
    for (int i = 0; i < function->kernel->parameters; i++) {
        const char *from = static_cast<const char *>(parameters[i]);
        launch.parameters.emplace_back(from, from + function->kernel->sizes[i]);
    }
    Work work{[launch] { return Device::get().launch(launch); }, true};
    if (dependent) {
        work.begin = [launch] { return Device::get().begin(launch); };
    }
    return e.device.submit(stream, std::move(work));
}
} // namespace

API CUresult cuLaunchKernel(
    CUfunction handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned dynamic,
    CUstream stream, void **parameters, void **extra) {
    Entry e("cuLaunchKernel");
    const CUlaunchConfig config{gx, gy, gz, bx, by, bz, dynamic, stream, nullptr, 0};
    return e.result ? e.result : launch(e, handle, config, false, parameters, extra);
}
API CUresult cuLaunchKernelEx(const CUlaunchConfig *config, CUfunction handle, void **parameters, void **extra) {
    Entry e("cuLaunchKernelEx");
    bool dependent = false;
    for (unsigned i = 0; i < config->numAttrs; i++) {
        if (config->attrs[i].id != CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION) {
            return CUDA_ERROR_NOT_SUPPORTED;
        }
        dependent = config->attrs[i].value.programmaticStreamSerializationAllowed != 0;
    }
    return e.result ? e.result : launch(e, handle, *config, dependent, parameters, extra);
}

// ---- errors ----------------------------------------------------------------------------------------------------------

namespace {
struct Named {
    CUresult code;
    const char *name, *text;
};
const Named NAMES[] = {
#define NAMED(code, text) {code, #code, text}
    NAMED(CUDA_SUCCESS, "no error"),
    NAMED(CUDA_ERROR_INVALID_VALUE, "invalid argument"),
    NAMED(CUDA_ERROR_OUT_OF_MEMORY, "out of memory"),
    NAMED(CUDA_ERROR_NOT_INITIALIZED, "initialization error"),
    NAMED(CUDA_ERROR_NO_DEVICE, "no CUDA-capable device is detected"),
    NAMED(CUDA_ERROR_INVALID_DEVICE, "invalid device ordinal"),
    NAMED(CUDA_ERROR_INVALID_IMAGE, "device kernel image is invalid"),
    NAMED(CUDA_ERROR_INVALID_CONTEXT, "invalid device context"),
    NAMED(CUDA_ERROR_INVALID_PTX, "a PTX JIT compilation failed"),
    NAMED(CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "the provided PTX was compiled with an unsupported toolchain."),
    NAMED(CUDA_ERROR_INVALID_HANDLE, "invalid resource handle"),
    NAMED(CUDA_ERROR_ILLEGAL_STATE, "the operation cannot be performed in the present state"),
    NAMED(CUDA_ERROR_NOT_FOUND, "named symbol not found"),
    NAMED(CUDA_ERROR_NO_BINARY_FOR_GPU, "no kernel image is available for execution on the device"),
    NAMED(CUDA_ERROR_NOT_SUPPORTED, "operation not supported"),
    NAMED(CUDA_ERROR_NOT_READY, "device not ready"),
    NAMED(CUDA_ERROR_ILLEGAL_ADDRESS, "an illegal memory access was encountered"),
    NAMED(CUDA_ERROR_LAUNCH_FAILED, "unspecified launch failure"),
    NAMED(CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "operation not permitted when stream is capturing"),
#undef NAMED
};
const Named *find(CUresult code) {
    const Named *found = std::find_if(std::begin(NAMES), std::end(NAMES), [=](const Named &n) { return n.code == code; });
    return found == std::end(NAMES) ? nullptr : found;
}
} // namespace

API CUresult cuGetErrorName(CUresult code, const char **name) {
    const Named *found = find(code);
    *name = found ? found->name : nullptr;
    return found ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
API CUresult cuGetErrorString(CUresult code, const char **text) {
    const Named *found = find(code);
    *text = found ? found->text : nullptr;
    return found ? CUDA_SUCCESS : CUDA_ERROR_INVALID_VALUE;
}
