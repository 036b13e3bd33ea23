// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Random numbers of migration: one stream per decision, so that no two decisions share numbers.

#include <cstdint>

#include "atnas/core/random.hpp"

namespace atnas::evo {

/// What a decision is about. Values are part of every result: append, never renumber.
enum class MigrationChoice : std::uint32_t {
    targets = 0,      ///< whom an island sends to
    emigrants = 1,    ///< who leaves along one edge
    replacement = 2,  ///< whom one immigrant replaces
};

/// A decision of island \p island in a generation. Fields that do not apply stay 0.
struct MigrationDecision {
    std::uint64_t seed{0};
    MigrationChoice choice{};
    int island{0};      ///< the one that decides
    int generation{0};  ///< in which the migrants left
    int other{0};       ///< island at the other end of the edge, below 65536
    int slot{0};        ///< number of the migrant on that edge, below 4096
};

RandomStream migration_stream(const MigrationDecision& decision) noexcept;

}  // namespace atnas::evo
