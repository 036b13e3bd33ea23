// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Helpers to look into lists of problems.

#include <algorithm>
#include <string>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas::testing {

/// How many problems mention all of \p words.
inline int mentions(const std::vector<Problem>& problems, const std::vector<std::string>& words) {
    return static_cast<int>(std::ranges::count_if(problems, [&](const Problem& problem) {
        const std::string text = problem.text();
        return std::ranges::all_of(words, [&](const auto& word) { return text.find(word) != std::string::npos; });
    }));
}

/// For failure messages.
inline std::string all_of(const std::vector<Problem>& problems) {
    std::string text;
    for (const auto& problem : problems) text += problem.text() + "\n";
    return text;
}

}  // namespace atnas::testing
