// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A weight tensor of a network, before it has a place in memory.

#include <string>

#include "atnas/space/shape.hpp"

namespace atnas::space {

/// What a weight is before it learns.
enum class Initial {
    he_normal,      ///< normal, variance 2 / fan-in (He et al. 2015)
    fan_in_normal,  ///< normal, variance 1 / fan-in; for linear heads
    one,
    zero,
};

/// Weights of convolutions and linear layers are drawn; scales, shifts and biases begin at a constant.
constexpr bool is_drawn(Initial initial) noexcept {
    return initial == Initial::he_normal || initial == Initial::fan_in_normal;
}

/// Convolutions [co, ci / groups, kh, kw]; vectors [1, c, 1, 1]; linear [classes, features, 1, 1].
struct Weight {
    std::string name;  ///< e.g. "cell0/node2/from1/sep_conv_3x3/pointwise1/weight"; equal names are one weight
    Shape shape;
    Initial initial;
};

}  // namespace atnas::space
