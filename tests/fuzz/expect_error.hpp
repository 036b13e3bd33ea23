// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What reading hostile input may come to: success, or an Error for people.

#include <cstdlib>

#include "atnas/core/error.hpp"

namespace atnas::fuzz {

/// The longest line that an error may make of one problem.
inline constexpr std::size_t longest_line = 4000;

/// Runs \p work. Ends the process, which the fuzzer reports, when it throws anything but an Error or when a problem is
/// empty or has no end.
template <class Work>
void expect_error_or_success(const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        for (const Problem& problem : error.problems()) {
            if (problem.problem.empty() || problem.text().size() > longest_line) std::abort();
        }
    }
}

}  // namespace atnas::fuzz
