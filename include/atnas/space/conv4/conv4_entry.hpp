// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The row of conv4 in the registry: its deck keys and its checks.

#include "atnas/space/space_registry.hpp"

namespace atnas::space {

SpaceEntry conv4_entry();

}  // namespace atnas::space
