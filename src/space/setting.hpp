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

inline std::string setting(const ImageShape& image) {
    return "image = " + std::to_string(image.channels) + " x " + std::to_string(image.height) + " x " +
           std::to_string(image.width);
}

}  // namespace atnas::space
