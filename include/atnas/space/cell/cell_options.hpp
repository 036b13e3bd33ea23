// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What networks of cells look like besides their cells.

#include <string_view>
#include <vector>

#include "atnas/space/operation_specs.hpp"

namespace atnas::space {

/// Operation sets and node counts of the cell space: MetaNAS (7 ops, 3 nodes), DARTS / T-NAS (8 ops, 4 nodes).
enum class CellPreset { metanas, darts };
/// With M = CellOptions::stem_multiplier. single: conv3x3 to M C, norm. pooled: conv3x3 to M C / 2, norm, max-pool,
/// ReLU, conv3x3 to M C, norm, max-pool (T-NAS).
enum class Stem { single, pooled };

/// NetworkOptions::channels is C, the width of a cell's nodes before any growth.
struct CellOptions {
    CellPreset preset{CellPreset::metanas};
    int cells{4};
    std::vector<int> reductions{1, 3};  ///< indices of the reduction cells
    int growth{1};                      ///< factor on C at every reduction (1 in MetaNAS, 2 in DARTS)
    Stem stem{Stem::single};
    int stem_multiplier{3};              ///< the stem is that many times as wide as C (3 in DARTS and MetaNAS)
    NormAffine affine{NormAffine::yes};  ///< of the norms inside cells; the stem's always have scale and shift

    bool operator==(const CellOptions&) const = default;
};

std::string_view name_of(CellPreset preset) noexcept;
std::string_view name_of(Stem stem) noexcept;

}  // namespace atnas::space
