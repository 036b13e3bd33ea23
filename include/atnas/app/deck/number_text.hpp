// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Numbers in decks and on the command line.

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace atnas::app {

/// Why a text is not what it should be ("it is not an integer"); nothing when it is.
using Complaint = std::optional<std::string>;

/// Shortest text that reads back to the same number.
template <class T>
std::string number_text(T value) {
    std::array<char, 40> buffer{};
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return {buffer.data(), result.ptr};
}

/// Reads the number that all of \p text spells into \p value, or says why it is none. Finite numbers only.
template <class T>
Complaint read_number(std::string_view text, T& value) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec == std::errc::result_out_of_range) return "it is out of the range of numbers";
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) {
        if (std::is_unsigned_v<T>) return "it is not an integer >= 0";
        return std::is_integral_v<T> ? "it is not an integer" : "it is not a number";
    }
    if (!std::isfinite(static_cast<double>(value))) return "it is not a finite number";
    return {};
}

}  // namespace atnas::app
