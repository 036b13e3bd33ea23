// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which classes were recognised how often, and what they were taken for.

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "atnas/engine/confusion.hpp"

namespace atnas::app {

/// A few lines: the classes that were recognised least, and the most frequent mistakes. \p names of its classes.
std::string text_of(const engine::Confusion& confusion, std::span<const std::string> names);

/// "classes": for each by its name queries, the share "right" and, where there was a mistake, what it was "taken_for"
/// most and how many "times"; null for the share of a class that no query showed. "mistakes": the most frequent ones.
nlohmann::json json_of(const engine::Confusion& confusion, std::span<const std::string> names);

}  // namespace atnas::app
