// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Settings that decks of older versions may have: keys, or values of keys, that went or have another name now.

#include <span>
#include <string_view>

namespace atnas::app {

/// What is said to whoever asks for it. Without a reason it is taken: as the key that is called so today, or because it
/// asks for what is done anyhow.
struct FormerSetting {
    std::string_view name;  ///< section.key
    std::string_view value;
    std::string_view reason{};
    std::string_view suggestion{};
    std::string_view name_today{};  ///< section.key
    std::string_view value_today{};
};

std::span<const FormerSetting> former_settings();
/// What a key of that name is called today; "" where it is no other name of a key.
std::string_view name_today(std::string_view name);

/// Null when there was never such a setting, or when there still is.
const FormerSetting* find_former(std::string_view name, std::string_view value);

}  // namespace atnas::app
