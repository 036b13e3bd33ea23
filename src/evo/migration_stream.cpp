// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migration_stream.hpp"

#include "atnas/core/contract.hpp"

namespace atnas::evo {

namespace {

// The item of the stream's address: slot, 12 bits; other island, 16 bits; choice, 4 bits.
constexpr int slot_bits = 12;
constexpr int island_bits = 16;

}  // namespace

RandomStream migration_stream(const MigrationDecision& decision) noexcept {
    ATNAS_EXPECT(decision.slot >= 0 && decision.slot < (1 << slot_bits));
    ATNAS_EXPECT(decision.other >= 0 && decision.other < (1 << island_bits));
    const std::uint32_t item = static_cast<std::uint32_t>(decision.choice) << (slot_bits + island_bits) |
                               static_cast<std::uint32_t>(decision.other) << slot_bits |
                               static_cast<std::uint32_t>(decision.slot);
    return RandomStream({.seed = decision.seed,
                         .purpose = Purpose::migration,
                         .island = static_cast<std::uint32_t>(decision.island),
                         .iteration = static_cast<std::uint32_t>(decision.generation),
                         .item = item});
}

}  // namespace atnas::evo
