// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Command lines for people to copy.

#include <string>
#include <vector>

namespace atnas {

/// Arguments joined so that a shell would take them apart again.
std::string shell_text(const std::vector<std::string>& arguments);

}  // namespace atnas
