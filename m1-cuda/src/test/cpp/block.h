// Runs a block of a kernel: its threads as fibers, in one of three orders.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "device.h"
#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

namespace m1emu {

// Which runnable thread, and which block, is next. A kernel is right in any order.
enum Schedule { FORWARD, REVERSE, RANDOM };

// Memory that a block finds poisoned: the thread-local segment of the kernels' library holds their static __shared__
// variables.
struct SharedSegment {
    void *at = nullptr;
    size_t bytes = 0;
};

// Memory for the stacks of a block that is left in the middle; other blocks share theirs, because they come one after
// the other.
class Stacks {
  public:
    explicit Stacks(int threads);
    ~Stacks();
    Stacks(const Stacks &) = delete;
    Stacks &operator=(const Stacks &) = delete;
    char *at;

  private:
    size_t bytes;
};

class Block {
  public:
    // With `dependent`, all threads must wait for the kernels before. Without stacks it uses the shared ones.
    Block(const Kernel &kernel, dim3 grid, dim3 block, unsigned dynamic_bytes, void **parameters, Schedule schedule,
          uint64_t seed, bool dependent, const Stacks *stacks);

    // Runs block `index` of the grid. Returns what was wrong, or an empty string, as the next two do.
    std::string run(long index, SharedSegment shared);
    // Runs it until every thread waits for the kernels before, or for one that does; finish() does the rest.
    std::string begin(long index, SharedSegment shared);
    std::string finish(SharedSegment shared);

    // For the running fiber.
    int barrier(int kind, int predicate, const char *function, int line);
    void warp(unsigned mask, WarpOperation operation, void *argument, const char *function, int line);
    void *dynamic_shared();
    void dependency_wait();
    void copy_async(void *shared, const void *global, unsigned bytes);
    void copy_async_commit();
    void copy_async_wait(unsigned groups_left);

  private:
    enum State : uint8_t { READY, AT_BARRIER, AT_WARP_OPERATION, AT_DEPENDENCY, DONE };
    struct Copy {
        void *to;
        const void *from;
        unsigned bytes;
    };
    struct Fiber {
        Thread self;
        void *stack_pointer;
        State state;
        const char *function; // where it waits
        int line;
        int kind;
        unsigned mask;
        WarpOperation operation;
        void *argument;
        std::vector<Copy> copies;    // asynchronous copies not yet done
        std::vector<size_t> groups;  // copies per committed group, oldest first
    };

    static void enter();
    void start(long index, SharedSegment shared);
    void go();
    std::string outcome() const;
    int pick();
    int pick_elsewhere();
    bool all_arrived(int base, const Fiber &f) const;
    void switch_to(int next);
    void pass_on();
    void wake(int fiber);
    void block_off(int fiber, State state);
    void release_barrier();
    std::string complaint() const;

    const Kernel &kernel;
    const dim3 grid, size;
    const unsigned dynamic_bytes;
    void **const parameters;
    const Schedule schedule;
    uint64_t random_state;
    const bool dependent;
    const int threads, warps;
    std::vector<Fiber> fibers;
    std::vector<char> dynamic;
    char *const stacks;
    void *main_stack = nullptr;
    int running = -1;
    uint32_t ready[32] = {}; // a bit per thread
    long index = 0;
    bool held = false; // a thread that waits for the kernels before stays there
    int waited = 0;    // threads that have
    std::vector<char> left_shared; // static shared memory of a block that was left in the middle
    int alive = 0, arrived = 0, predicates = 0, barrier_result = 0;
    std::string error;
};

} // namespace m1emu
