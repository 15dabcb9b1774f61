// Some blocks of a dependent launch, begun before the kernels ahead of it have run: what they read before they wait is
// what was there before, and what they write is there for those kernels.
#pragma once
#include "device_state.h"

#include <memory>

namespace m1emu {

class Begun {
  public:
    Begun(const Launch &launch, Schedule schedule, uint64_t seed, SharedSegment shared);

    bool has(long index) const { return blocks.count(index) != 0; }
    // Runs the rest of a block. Returns what was wrong, or an empty string.
    std::string finish(long index, SharedSegment shared);

    const Launch launch;

  private:
    struct Halfway {
        std::unique_ptr<Stacks> stacks;
        std::unique_ptr<Block> block;
        std::string wrong; // already
    };
    std::vector<void *> parameters;
    std::map<long, Halfway> blocks;
};

} // namespace m1emu
