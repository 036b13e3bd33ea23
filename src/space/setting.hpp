// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Options and their values in messages.

#include <string>

#include "atnas/space/network_options.hpp"

namespace atnas::space {

inline std::string setting(const char* option, int value) {
    return std::string(option) + " = " + std::to_string(value);
}

/// A whole number that may be larger than an int.
inline std::string count_text(double value) {
    const std::string text = std::to_string(value);
    return text.substr(0, text.find('.'));
}

inline std::string setting(const char* option, double count) {
    return std::string(option) + " = " + count_text(count);
}

inline std::string setting(const ImageShape& image) {
    return "image = " + std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " +
           std::to_string(image.width);
}

}  // namespace atnas::space
