#include "block.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

// Saves the callee-saved registers on the current stack, then goes on where another stack left off.
extern "C" void m1emu_switch(void **save, void *to);
#if defined(__x86_64__)
__asm__(".text\n.type m1emu_switch,@function\nm1emu_switch:\n"
        "pushq %rbp\npushq %rbx\npushq %r12\npushq %r13\npushq %r14\npushq %r15\n"
        "movq %rsp, (%rdi)\nmovq %rsi, %rsp\n"
        "popq %r15\npopq %r14\npopq %r13\npopq %r12\npopq %rbx\npopq %rbp\nretq\n"
        ".size m1emu_switch, .-m1emu_switch\n");
constexpr int SAVED = 6;
#elif defined(__aarch64__)
__asm__(".text\n.type m1emu_switch,%function\nm1emu_switch:\n"
        "sub sp, sp, #160\n"
        "stp x19, x20, [sp]\nstp x21, x22, [sp, #16]\nstp x23, x24, [sp, #32]\nstp x25, x26, [sp, #48]\n"
        "stp x27, x28, [sp, #64]\nstp x29, x30, [sp, #80]\nstp d8, d9, [sp, #96]\nstp d10, d11, [sp, #112]\n"
        "stp d12, d13, [sp, #128]\nstp d14, d15, [sp, #144]\n"
        "mov x9, sp\nstr x9, [x0]\nmov sp, x1\n"
        "ldp x19, x20, [sp]\nldp x21, x22, [sp, #16]\nldp x23, x24, [sp, #32]\nldp x25, x26, [sp, #48]\n"
        "ldp x27, x28, [sp, #64]\nldp x29, x30, [sp, #80]\nldp d8, d9, [sp, #96]\nldp d10, d11, [sp, #112]\n"
        "ldp d12, d13, [sp, #128]\nldp d14, d15, [sp, #144]\n"
        "add sp, sp, #160\nret\n.size m1emu_switch, .-m1emu_switch\n");
#else
#error "fibers: x86-64 and aarch64 only"
#endif

__attribute__((visibility("default"))) m1emu::Thread *m1emu::m1emu_running = nullptr;

namespace m1emu {

namespace {
constexpr size_t STACK = 64 * 1024 + 9 * 64; // an odd number of cache lines, so that stacks do not share cache sets
Block *block; // the one that runs

// Stacks outlive launches: fresh memory would cost more than most blocks do.
char *stacks_for(int threads) {
    static char *stacks = nullptr;
    static int enough = 0;
    if (threads > enough) {
        void *at = mmap(nullptr, STACK * size_t(threads), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) {
            throw std::bad_alloc();
        }
        if (stacks) {
            munmap(stacks, STACK * size_t(enough));
        }
        stacks = static_cast<char *>(at);
        enough = threads;
    }
    return stacks;
}

// A stack on which m1emu_switch "returns" to `entry`.
void *prepare(char *top, void (*entry)()) {
    void **s = reinterpret_cast<void **>(reinterpret_cast<uintptr_t>(top) & ~uintptr_t(15));
#if defined(__x86_64__)
    *--s = nullptr; // entry finds the stack as after a call
    *--s = reinterpret_cast<void *>(entry);
    s -= SAVED;
    memset(s, 0, SAVED * sizeof *s);
#else
    s -= 20;
    memset(s, 0, 20 * sizeof *s);
    s[11] = reinterpret_cast<void *>(entry); // x30
#endif
    return s;
}
} // namespace

Stacks::Stacks(int threads) : bytes(STACK * size_t(threads)) {
    void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        throw std::bad_alloc();
    }
    at = static_cast<char *>(memory);
}

Stacks::~Stacks() { munmap(at, bytes); }

Block::Block(const Kernel &kernel, dim3 grid, dim3 size, unsigned dynamic_bytes, void **parameters, Schedule schedule,
             uint64_t seed, bool dependent, const Stacks *own)
    : kernel(kernel), grid(grid), size(size), dynamic_bytes(dynamic_bytes), parameters(parameters),
      schedule(schedule), random_state(seed * 2862933555777941757u + 3037000493u), dependent(dependent),
      threads(size.x * size.y * size.z), warps((threads + 31) / 32), fibers(threads), dynamic(dynamic_bytes + 128),
      stacks(own ? own->at : stacks_for(threads)) {}

std::string Block::run(long at, SharedSegment shared) {
    start(at, shared);
    go();
    return outcome();
}

std::string Block::begin(long at, SharedSegment shared) {
    start(at, shared);
    held = true;
    go();
    held = false;
    if (shared.at) {
        left_shared.assign(static_cast<char *>(shared.at), static_cast<char *>(shared.at) + shared.bytes);
    }
    for (const Fiber &f : fibers) {
        if (f.state == AT_DEPENDENCY) {
            return error.empty() ? "" : complaint();
        }
    }
    return outcome(); // there is nothing to be finished
}

std::string Block::finish(SharedSegment shared) {
    if (shared.at) {
        memcpy(shared.at, left_shared.data(), left_shared.size());
    }
    for (int i = 0; i < threads; i++) {
        if (fibers[i].state == AT_DEPENDENCY) {
            wake(i);
        }
    }
    go();
    return outcome();
}

std::string Block::outcome() const {
    if (alive == 0 && error.empty() && dependent && waited != threads) {
        return std::string("a thread ended without waiting for the kernels before, kernel ") + kernel.name +
               ", block " + std::to_string(index);
    }
    return alive == 0 && error.empty() ? "" : complaint();
}

// Runs threads until none can go on.
void Block::go() {
    block = this;
    running = -1;
    switch_to(pick());
    block = nullptr;
}

void Block::start(long number, SharedSegment shared) {
    index = number;
    memset(dynamic.data(), 0xff, dynamic.size()); // NaN: shared memory is not initialised
    if (shared.at) {
        memset(shared.at, 0xff, shared.bytes);
    }
    alive = threads;
    arrived = predicates = waited = 0;
    error.clear();
    const uint3 at{unsigned(index % grid.x), unsigned(index / grid.x % grid.y), unsigned(index / grid.x / grid.y)};
    for (int i = 0; i < threads; i++) {
        Fiber &f = fibers[i];
        f.self = Thread{{i % size.x, i / size.x % size.y, i / size.x / size.y}, at, size, grid, unsigned(i % 32)};
        f.stack_pointer = prepare(stacks + STACK * (i + 1) - 64, &Block::enter);
        f.copies.clear();
        f.groups.clear();
        wake(i);
    }
}

void Block::enter() {
    Block *b = block;
    b->kernel.call(b->parameters);
    b->block_off(b->running, DONE);
    b->alive--;
    if (b->alive > 0 && b->arrived == b->alive) {
        b->release_barrier(); // threads that have left do not count
    }
    b->switch_to(b->pick());
    abort(); // a finished fiber is never resumed
}

void Block::wake(int fiber) {
    fibers[fiber].state = READY;
    ready[fiber / 32] |= 1u << fiber % 32;
}

void Block::block_off(int fiber, State state) {
    fibers[fiber].state = state;
    ready[fiber / 32] &= ~(1u << fiber % 32);
}

// The next fiber to run, or -1. In forward and reverse order the running fiber's warp goes on first, as on a GPU.
int Block::pick() {
    const int warp = running >= 0 ? running / 32 : schedule == REVERSE ? warps - 1 : 0;
    if (schedule == FORWARD && ready[warp]) {
        const uint32_t later = running >= 0 ? ready[warp] & ~((2u << running % 32) - 1) : ready[warp];
        return warp * 32 + __builtin_ctz(later ? later : ready[warp]);
    }
    if (schedule == REVERSE && ready[warp]) {
        const uint32_t earlier = running >= 0 ? ready[warp] & ((1u << running % 32) - 1) : ready[warp];
        return warp * 32 + 31 - __builtin_clz(earlier ? earlier : ready[warp]);
    }
    return pick_elsewhere();
}

int Block::pick_elsewhere() {
    if (schedule == RANDOM) {
        random_state = random_state * 6364136223846793005u + 1442695040888963407u;
        const int start = int((random_state >> 33) % unsigned(threads));
        for (int i = 0; i <= warps; i++) {
            const int warp = (start / 32 + i) % warps;
            const uint32_t from = i == 0 ? ready[warp] & ~0u << start % 32 : ready[warp];
            if (from) {
                return warp * 32 + __builtin_ctz(from);
            }
        }
        return -1;
    }
    for (int i = 0; i < warps; i++) {
        const int warp = schedule == FORWARD ? i : warps - 1 - i;
        if (ready[warp]) {
            return warp * 32 + (schedule == FORWARD ? __builtin_ctz(ready[warp]) : 31 - __builtin_clz(ready[warp]));
        }
    }
    return -1;
}

void Block::switch_to(int next) {
    void **save = running >= 0 ? &fibers[running].stack_pointer : &main_stack;
    void *to = next >= 0 ? fibers[next].stack_pointer : main_stack;
    running = next;
    m1emu_running = next >= 0 ? &fibers[next].self : nullptr;
    m1emu_switch(save, to);
}

void Block::pass_on() {
    const int next = pick();
    if (next != running) {
        switch_to(next);
    }
}

void Block::release_barrier() {
    int kind = -1;
    for (int i = 0; i < threads; i++) {
        Fiber &f = fibers[i];
        if (f.state == AT_BARRIER) {
            if (kind >= 0 && f.kind != kind) {
                error = "different kinds of __syncthreads meet";
            }
            kind = f.kind;
            wake(i);
        }
    }
    barrier_result = kind == BARRIER_OR ? predicates != 0 : kind == BARRIER_AND ? predicates == arrived : predicates;
    arrived = predicates = 0;
}

void *Block::dynamic_shared() {
    return reinterpret_cast<void *>((reinterpret_cast<uintptr_t>(dynamic.data()) + 63) & ~uintptr_t(63));
}

int Block::barrier(int kind, int predicate, const char *function, int line) {
    Fiber &f = fibers[running];
    f.function = function;
    f.line = line;
    f.kind = kind;
    block_off(running, AT_BARRIER);
    predicates += predicate != 0;
    if (++arrived == alive) {
        release_barrier();
    }
    pass_on();
    return barrier_result;
}

void Block::warp(unsigned mask, WarpOperation operation, void *argument, const char *function, int line) {
    const int me = running, base = me & ~31;
    if (threads - base < 32) {
        mask &= (1u << (threads - base)) - 1;
    }
    Fiber &f = fibers[me];
    f.function = function;
    f.line = line;
    f.mask = mask;
    f.operation = operation;
    f.argument = argument;
    block_off(me, AT_WARP_OPERATION);
    if (!(mask >> me % 32 & 1)) {
        error = std::string("the mask of a warp operation lacks its own lane, in ") + function;
    }
    if ((ready[me / 32] & mask) != 0 || !all_arrived(base, f)) {
        pass_on();
        return;
    }
    void *arguments[32];
    for (unsigned left = mask; left; left &= left - 1) {
        const int lane = __builtin_ctz(left);
        arguments[lane] = fibers[base + lane].argument;
    }
    operation(mask, arguments);
    for (unsigned left = mask; left; left &= left - 1) {
        wake(base + __builtin_ctz(left));
    }
}

// True if every lane of the mask waits at this operation.
bool Block::all_arrived(int base, const Fiber &f) const {
    for (unsigned left = f.mask; left; left &= left - 1) {
        const Fiber &other = fibers[base + __builtin_ctz(left)];
        if (other.state != AT_WARP_OPERATION || other.mask != f.mask || other.operation != f.operation ||
            other.line != f.line) {
            return false;
        }
    }
    return true;
}

void Block::dependency_wait() {
    waited++;
    if (held) {
        block_off(running, AT_DEPENDENCY);
        pass_on();
    }
}

void Block::copy_async(void *shared, const void *global, unsigned bytes) {
    memset(shared, 0xff, bytes); // until it is waited for, nobody may look
    fibers[running].copies.push_back({shared, global, bytes});
}

void Block::copy_async_commit() {
    Fiber &f = fibers[running];
    size_t committed = 0;
    for (size_t n : f.groups) {
        committed += n;
    }
    f.groups.push_back(f.copies.size() - committed);
}

void Block::copy_async_wait(unsigned groups_left) {
    Fiber &f = fibers[running];
    while (f.groups.size() > groups_left) {
        const size_t n = f.groups.front();
        f.groups.erase(f.groups.begin());
        for (size_t i = 0; i < n; i++) {
            memcpy(f.copies[i].to, f.copies[i].from, f.copies[i].bytes);
        }
        f.copies.erase(f.copies.begin(), f.copies.begin() + long(n));
    }
}

std::string Block::complaint() const {
    std::string text = error.empty() ? "threads wait for ever" : error;
    text += std::string(", kernel ") + kernel.name + ", block " + std::to_string(index);
    int shown = 0;
    for (int i = 0; i < threads && shown < 4; i++) {
        const Fiber &f = fibers[i];
        if (f.state == AT_BARRIER || f.state == AT_WARP_OPERATION) {
            shown++;
            text += ", thread " + std::to_string(i) + " at " +
                    (f.state == AT_BARRIER ? "a barrier" : "a warp operation") + " in " + f.function + " line " +
                    std::to_string(f.line);
        }
    }
    return text;
}

} // namespace m1emu

#define EXPORT extern "C" __attribute__((visibility("default")))
EXPORT int m1emu_barrier(int kind, int predicate, const char *function, int line) {
    return m1emu::block->barrier(kind, predicate, function, line);
}
EXPORT void m1emu_warp(
    unsigned mask, m1emu::WarpOperation operation, void *argument, const char *function, int line) {
    m1emu::block->warp(mask, operation, argument, function, line);
}
EXPORT void *m1emu_dynamic_shared() { return m1emu::block->dynamic_shared(); }
EXPORT void m1emu_copy_async(void *shared, const void *global, unsigned bytes) {
    m1emu::block->copy_async(shared, global, bytes);
}
EXPORT void m1emu_copy_async_commit() { m1emu::block->copy_async_commit(); }
EXPORT void m1emu_copy_async_wait(unsigned groups_left) { m1emu::block->copy_async_wait(groups_left); }
EXPORT void m1emu_dependency_wait() { m1emu::block->dependency_wait(); }
