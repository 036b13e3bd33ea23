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

/// Reads "HH:MM:SS" or, as Slurm writes it, "D-HH:MM:SS" into \p seconds.
inline Complaint read_clock(std::string_view text, double& seconds) {
    const Complaint complaint = "it is not [D-]HH:MM:SS";
    constexpr std::array limits{100000u, 60u, 60u};  // hours, minutes, seconds
    unsigned days = 0;
    if (const auto dash = text.find('-'); dash != std::string_view::npos) {
        if (read_number(text.substr(0, dash), days)) return complaint;
        text.remove_prefix(dash + 1);
    }
    double sum = 24.0 * days;
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const bool last = i + 1 == limits.size();
        const auto colon = text.find(':');
        unsigned part = 0;
        if ((colon == std::string_view::npos) != last || read_number(text.substr(0, colon), part) || part >= limits[i])
            return complaint;
        sum = (i == 0 ? sum : 60 * sum) + part;
        if (!last) text.remove_prefix(colon + 1);
    }
    seconds = sum;
    return {};
}

}  // namespace atnas::app
