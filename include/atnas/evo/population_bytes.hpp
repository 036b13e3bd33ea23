// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Populations as a message between ranks.

#include <cstddef>
#include <span>
#include <vector>

#include "atnas/evo/individual.hpp"

namespace atnas::evo {

/// Appends one population. Messages of several ranks may be strung together.
void append_bytes(const Population& population, std::vector<std::byte>& message);

/// All populations of a message, in the order in which they were appended. Throws Error(failed) on a malformed one.
std::vector<Population> read_populations(std::span<const std::byte> message);

}  // namespace atnas::evo
