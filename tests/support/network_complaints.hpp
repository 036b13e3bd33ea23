// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What is said of networks that are none.

#include <functional>
#include <string>

#include "atnas/space/network_options.hpp"

namespace atnas::test {

/// All complaints about the default network after \p change, as one text.
inline std::string complaints(const std::function<void(space::NetworkOptions&)>& change) {
    space::NetworkOptions options;
    change(options);
    std::string text;
    for (const Problem& problem : problems_of(options)) text += problem.text() + "\n";
    return text;
}

inline bool names(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace atnas::test
