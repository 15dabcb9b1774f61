#include "begun.h"

namespace m1emu {

namespace {
constexpr long MOST = 4; // blocks; each needs stacks of its own
} // namespace

Begun::Begun(const Launch &l, Schedule schedule, uint64_t seed, SharedSegment shared)
    : launch(l), parameters(launch.pointers()) {
    const long all = launch.blocks();
    const long count = all < MOST ? all : MOST;
    for (long i = 0; i < count; i++) {
        const long index = count == 1 ? 0 : i * (all - 1) / (count - 1); // the first, the last and some between
        Halfway &h = blocks[index];
        h.stacks = std::make_unique<Stacks>(int(launch.block.x * launch.block.y * launch.block.z));
        h.block = std::make_unique<Block>(*launch.function->kernel, launch.grid, launch.block, launch.dynamic_bytes,
                                          parameters.data(), schedule, seed, true, h.stacks.get());
        h.wrong = h.block->begin(index, shared);
    }
}

std::string Begun::finish(long index, SharedSegment shared) {
    Halfway &h = blocks.at(index);
    return h.wrong.empty() ? h.block->finish(shared) : h.wrong;
}

} // namespace m1emu
