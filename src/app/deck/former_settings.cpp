// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/former_settings.hpp"

#include <algorithm>
#include <array>

namespace atnas::app {
namespace {

constexpr std::array settings{
    FormerSetting{"migration.mode", "async",
                  "all ranks know all populations after a generation, so nobody waits for migrants", "leave it out"},
    FormerSetting{.name = "migration.mode", .value = "sync"},
    FormerSetting{"runtime.reduction", "ordered", "it was replaced by exact sums, which are reproducible as well",
                  "write exact, or leave it out"},
    FormerSetting{
        .name = "task.transductive", .value = "true", .name_today = "task.statistics", .value_today = "query"},
    FormerSetting{
        .name = "task.transductive", .value = "false", .name_today = "task.statistics", .value_today = "support"},
};

}  // namespace

std::span<const FormerSetting> former_settings() {
    return settings;
}

std::string_view name_today(std::string_view name) {
    const auto* const found = std::ranges::find(settings, name, &FormerSetting::name);
    return found == settings.end() ? "" : found->name_today;
}

const FormerSetting* find_former(std::string_view name, std::string_view value) {
    const auto found = std::ranges::find_if(
        settings, [&](const FormerSetting& setting) { return setting.name == name && setting.value == value; });
    return found == settings.end() ? nullptr : &*found;
}

}  // namespace atnas::app
