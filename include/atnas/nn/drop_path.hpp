// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Which images of a mini-batch lose the result of which edge.

#include <cstdint>
#include <span>

namespace atnas::nn {

/// Drop path (Larsson et al. 2017, "FractalNet: Ultra-Deep Neural Networks without Residuals"; by images, as in DARTS:
/// Liu et al. 2019). A function of the seed and of the number of the mini-batch.
struct DropPath {
    std::uint64_t seed{1};
    std::uint64_t number{0};  ///< of the mini-batch
    int images{1};            ///< of it
    double probability{0};    ///< 0 <= ... < 1

    /// For every edge and image, [edges, images], 0 with the probability, and else what makes up for the loss:
    /// 1 / (1 - probability). \pre whole edges
    void draw(std::span<float> factors) const;
};

}  // namespace atnas::nn
