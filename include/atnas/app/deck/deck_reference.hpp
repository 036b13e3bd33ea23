// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The deck reference of inputs/README.md, made from the table of keys.

#include <string>

namespace atnas::app {

/// Markdown: one heading and one table per section, one row per key, in the order of deck_schema(). A unit test
/// compares it with what stands between the two markers below in inputs/README.md.
std::string deck_reference();

inline constexpr const char* deck_reference_begin = "<!-- deck reference: begin -->\n";
inline constexpr const char* deck_reference_end = "<!-- deck reference: end -->\n";

}  // namespace atnas::app
