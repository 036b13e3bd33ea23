// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A user's own migration network as text.

#include <string_view>
#include <vector>

#include "atnas/core/error.hpp"

namespace atnas::evo {

/// Island \p from sends to island \p to.
struct Edge {
    int from;
    int to;

    friend auto operator<=>(const Edge&, const Edge&) = default;
};

/// Reads "0>1 1>2,2>0": edges between blanks or commas, islands counted from 0. What is wrong (no edge, no such island,
/// from an island to itself, twice) is appended to \p problems, one each, and left out of the result.
std::vector<Edge> read_edges(std::string_view text, int islands, std::vector<Problem>& problems);

}  // namespace atnas::evo
