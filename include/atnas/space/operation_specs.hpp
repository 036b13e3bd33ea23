// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What specifies an operation apart from the values it works on. Spaces say it, backends compute it.

#include "atnas/space/shape.hpp"

namespace atnas::space {

/// y[n,o] = sum_i x[n,i] * w[o,i] (+ b[o]), cross-correlation, zero padding. groups divides both channel counts.
struct ConvolutionSpec {
    Extent kernel{};
    Extent stride{};
    Extent pad{0, 0};
    Extent dilation{};
    int groups{1};
};

/// Whether a convolution adds a bias.
enum class ConvBias { no, yes };

enum class PoolKind { max, average };  ///< average leaves the padding out of the count
struct PoolSpec {
    PoolKind kind{PoolKind::max};
    Extent kernel{};
    Extent stride{};
    Extent pad{0, 0};
};

/// y = (x - mean_c) / sqrt(variance_c + epsilon) [* scale_c + shift_c] [then max(., 0)], statistics over n, h, w with
/// the biased variance (Ioffe & Szegedy 2015).
enum class NormStatistics { batch, given };  ///< given: mean and variance are inputs and constants of the gradient
enum class NormRelu { no, yes };
struct NormSpec {
    NormStatistics statistics{NormStatistics::batch};
    NormRelu relu{NormRelu::no};
    float epsilon{1e-5f};
};
/// Whether a norm has a learned scale and shift.
enum class NormAffine { no, yes };

/// y[n,c,i,j] = x[n,c,2i+offset,2j+offset], zero outside; the half-size grid of a factorised reduce.
struct SubsampleSpec {
    int offset{0};  ///< 0 or 1
};

}  // namespace atnas::space
