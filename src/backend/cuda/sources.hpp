// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Lists of tensors as kernels take them.

#include <vector>

#include "kernels/wiring.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {

/// The tensors that have data, in order, in portions of Sources::most. Empty without any.
inline std::vector<Sources> portions_of(const std::vector<Tensor>& tensors) {
    std::vector<Sources> portions;
    for (const Tensor& tensor : tensors) {
        if (!tensor) continue;
        if (portions.empty() || portions.back().count == Sources::most) portions.emplace_back();
        Sources& last = portions.back();
        last.data[last.count++] = floats(tensor);
    }
    return portions;
}

}  // namespace atnas::backend::cuda
