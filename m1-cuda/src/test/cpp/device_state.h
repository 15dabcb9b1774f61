// What the emulated driver knows: memory, and work that was submitted but has not run.
#pragma once
#include <cuda.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "block.h"

namespace m1emu {

// Work of a stream. Everything runs in the order of submission, which respects streams and events, and as late as the
// driver's rules allow: at the next synchronisation. Host code that forgets one reads what was there before.
using Run = std::function<CUresult()>;

struct Work {
    Run run;
    bool is_kernel = false;
    std::function<Run()> begin = nullptr; // of a dependent launch: lets some blocks begin, returns the rest
};

struct Graph {
    std::vector<Work> nodes;
};

struct Stream {
    Graph *capture = nullptr; // what a capture has collected so far
    bool behind_kernel = false; // the last work was a kernel
};

struct Event {
    bool recorded = false;
    bool reached = true;
    double milliseconds = 0;
};

struct Module {
    std::map<std::string, std::vector<unsigned>> kernels; // parameter sizes in bytes, by name
};

struct Function {
    const Kernel *kernel;
    Module *module;
    unsigned most_dynamic_bytes = 48 * 1024;
};

struct Launch {
    const Function *function;
    dim3 grid, block;
    unsigned dynamic_bytes;
    std::vector<std::vector<char>> parameters;
    long blocks() const { return long(grid.x) * grid.y * grid.z; }
    std::vector<void *> pointers() const; // as a kernel takes its parameters
    bool dependent = false; // may begin while the kernel before it runs
};

class Device {
  public:
    static Device &get();

    // Called first by every entry point: the error it must answer with, if any.
    CUresult enter(const char *call, bool needs_context = true);
    CUresult injected(const char *call); // the error that a test wants of this call, if any
    CUresult fail(CUresult code, const std::string &message);
    CUresult allocate(CUdeviceptr *to, size_t bytes);
    CUresult release(CUdeviceptr at);
    bool owns(CUdeviceptr at, size_t bytes) const; // all of it, in one allocation
    bool pinned(const void *at) const;
    CUresult submit(Stream *stream, Work work);
    CUresult submit(Stream *stream, Run run) { return submit(stream, Work{std::move(run)}); }
    CUresult drain(); // runs what was submitted
    CUresult launch(const Launch &launch, class Begun *begun = nullptr);
    Run begin(const Launch &launch);
    const Kernel *kernel(const char *name);

    std::recursive_mutex mutex;
    Schedule schedule = FORWARD;
    uint64_t seed = 1;
    size_t total = size_t(16) << 30, used = 0;
    std::string message; // of the last failure
    CUresult sticky = CUDA_SUCCESS;
    bool initialised = false;
    int contexts = 0;
    std::map<std::string, std::pair<int, CUresult>> failures; // by call: after so many more calls, this
    std::map<uintptr_t, size_t> pinned_memory;
    std::set<void *> objects; // streams, events, graphs, executable graphs, modules
    std::map<uintptr_t, size_t> allocations;
    Stream usual; // the stream that has no name
    int capability = 80;
    int begun = 0; // dependent launches that have begun before the kernel ahead of them

  private:
    CUresult check_red_zones();

    struct Pending {
        Work work;
        Run rest; // if it has begun
    };
    void begin_ahead();

    std::deque<Pending> pending;
    void *kernels_library = nullptr;
    uintptr_t kernels_base = 0;
    SharedSegment shared_segment() const;
};

// The context that is current on this thread.
CUcontext &current_context();

} // namespace m1emu
