// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The cell space's row in the registry: its deck keys and its checks.

#include "atnas/space/space_registry.hpp"

namespace atnas::space {

SpaceEntry cell_entry();

}  // namespace atnas::space
