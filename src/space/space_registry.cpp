// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/space_registry.hpp"

#include <algorithm>
#include <array>

#include "atnas/space/cell/cell_entry.hpp"
#include "atnas/space/conv4/conv4_entry.hpp"

namespace atnas::space {

std::span<const SpaceEntry> space_registry() {
    static const std::array entries{cell_entry(), conv4_entry()};
    return entries;
}

const SpaceEntry* find_space(std::string_view name) {
    const auto found = std::ranges::find(space_registry(), name, &SpaceEntry::name);
    return found == space_registry().end() ? nullptr : &*found;
}

}  // namespace atnas::space
