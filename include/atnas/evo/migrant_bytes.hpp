#pragma once
/// \file
/// Migrants on the wire: a byte form that is the same on every machine.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

/// Who left an island together, along one edge.
struct Migrants {
    int departure{0};  ///< generation in which they left
    std::vector<Individual> individuals;
};

std::vector<std::byte> pack(const Migrants& migrants);
/// Throws Error(failed) on a malformed string.
Migrants unpack(std::span<const std::byte> bytes);

}  // namespace atnas::evo
