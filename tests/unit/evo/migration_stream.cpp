// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migration_stream.hpp"

#include <gtest/gtest.h>

#include <set>
#include <utility>

namespace atnas::evo {
namespace {

using Draw = std::pair<std::uint32_t, std::uint32_t>;

Draw first_of(const MigrationDecision& decision) {
    RandomStream stream = migration_stream(decision);
    const std::uint32_t first = stream.bits();
    return {first, stream.bits()};
}

TEST(MigrationStream, EveryFieldAndItsLargestValueHasAStreamOfItsOwn) {
    using enum MigrationChoice;
    const MigrationDecision decisions[] = {
        {.choice = targets},
        {.choice = emigrants},
        {.choice = replacement},
        {.seed = 1},
        {.island = 1},
        {.island = 65535},
        {.generation = 1},
        {.other = 1},
        {.other = 65535},
        {.slot = 1},
        {.slot = 4095},
        {.other = 65535, .slot = 4095},
        {.choice = emigrants, .other = 65535, .slot = 4095},
    };
    std::set<Draw> draws;
    for (const MigrationDecision& decision : decisions) draws.insert(first_of(decision));
    EXPECT_EQ(draws.size(), std::size(decisions));
}

TEST(MigrationStream, RepeatsItself) {
    const MigrationDecision decision{7, MigrationChoice::emigrants, 3, 12, 5, 2};
    EXPECT_EQ(first_of(decision), first_of(decision));
}

}  // namespace
}  // namespace atnas::evo
