// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which classes were recognised how often, and what they were taken for.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "atnas/engine/confusion.hpp"
#include "atnas/io/hdf5.hpp"

namespace atnas::app {

/// Whether classes are reported one by one.
enum class Confusions { none, counted };

/// A few lines: the classes that were recognised least, and the most frequent mistakes. \p names of its classes;
/// \p shown: what is counted.
std::string text_of(const engine::Confusion& confusion, std::span<const std::string> names,
                    std::string_view shown = "queries");

/// "classes": for each by its name queries, the share "right" and, where there was a mistake, what it was "taken_for"
/// most and how many "times"; null for the share of a class that no query showed. "mistakes": the most frequent ones.
nlohmann::json json_of(const engine::Confusion& confusion, std::span<const std::string> names);

/// Arrays "queries" and "table" of it. \p group ends with a slash.
void write_confusion(io::File& file, const std::string& group, const engine::Confusion& confusion);
/// Bytes that these take at most.
std::uint64_t size_bound(const engine::Confusion& confusion);

}  // namespace atnas::app
