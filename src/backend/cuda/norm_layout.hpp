// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How the work of a batch normalisation is shared out between threads.

#include "atnas/backend/tensor.hpp"
#include "kernels/norm.hpp"

namespace atnas::backend::cuda {

/// Follows from the shape alone, and with it the order of sums. Small channels share a block, long ones have several.
/// \pre the elements can be counted in 31 bits
NormLayout norm_layout(const Shape& shape) noexcept;

/// Blocks that it takes to have a group of threads for every slice.
unsigned norm_blocks(const NormLayout& layout) noexcept;

}  // namespace atnas::backend::cuda
