// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What conv4 can be told besides its width.

#include "atnas/space/operation_specs.hpp"

namespace atnas::space {

/// NetworkOptions::channels are its filters.
struct Conv4Options {
    ConvBias bias{ConvBias::yes};  ///< as in MAML's code

    bool operator==(const Conv4Options&) const = default;
};

}  // namespace atnas::space
