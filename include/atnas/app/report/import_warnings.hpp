// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What people are warned of when images are read.

#include <cstddef>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "atnas/data/import_images.hpp"

namespace atnas::app {

/// A warning for each of \p found, but not thousands of them: \p what they are.
void warn_of(fmt::format_string<const std::string&> line, const std::vector<std::string>& found, const char* what);

/// Of the images that were not taken.
void warn_of_skipped(const data::ImportReport& found);

}  // namespace atnas::app
