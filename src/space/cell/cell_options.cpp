// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/cell/cell_options.hpp"

namespace atnas::space {

std::string_view name_of(CellPreset preset) noexcept {
    return preset == CellPreset::darts ? "darts" : "metanas";
}

std::string_view name_of(Stem stem) noexcept {
    return stem == Stem::pooled ? "pooled" : "single";
}

}  // namespace atnas::space
