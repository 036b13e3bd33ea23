// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/former_settings.hpp"

#include <algorithm>
#include <array>

namespace atnas::app {
namespace {

constexpr std::array settings{
    FormerSetting{"migration.mode", "async",
                  "all ranks know all populations after a generation, so nobody waits for migrants", "leave it out"},
    FormerSetting{"migration.mode", "sync", "", ""},
    FormerSetting{"runtime.reduction", "ordered", "it was replaced by exact sums, which are reproducible as well",
                  "write exact, or leave it out"},
};

}  // namespace

std::span<const FormerSetting> former_settings() {
    return settings;
}

const FormerSetting* find_former(std::string_view name, std::string_view value) {
    const auto found = std::ranges::find_if(
        settings, [&](const FormerSetting& setting) { return setting.name == name && setting.value == value; });
    return found == settings.end() ? nullptr : &*found;
}

}  // namespace atnas::app
