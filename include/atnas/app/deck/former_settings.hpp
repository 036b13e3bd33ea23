// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Settings that decks of older versions may have: keys, or values of keys, that went.

#include <span>
#include <string_view>

namespace atnas::app {

/// What is said to whoever asks for it. Without a reason it asks for what is done anyhow, and is taken.
struct FormerSetting {
    std::string_view name;  ///< section.key
    std::string_view value;
    std::string_view reason;
    std::string_view suggestion;
};

std::span<const FormerSetting> former_settings();

/// Null when there was never such a setting, or when there still is.
const FormerSetting* find_former(std::string_view name, std::string_view value);

}  // namespace atnas::app
