// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Scale of features, one block of threads per row. Sums are in double, in an order that follows from the shape alone.

#include <cuda_runtime_api.h>

#include "atnas/backend/op.hpp"

namespace atnas::backend::cuda {

/// Features [rows, features], dense, and how they are scaled: see FeatureScaleSpec.
struct ScaledRows {
    unsigned features;
    RowLength length;
    float gain;
    float epsilon;
    const float* x;
    const float* log_scale;
};

/// y = scaled rows.
__global__ void scale_rows(ScaledRows rows, float* y);
/// Gradients of dy: dx, and shares[n] = the part of row n in dlog_scale; each may be null.
__global__ void scale_rows_gradient(ScaledRows rows, const float* dy, float* dx, double* shares);
/// dlog_scale = sum of the shares. One block.
__global__ void sum_shares(const double* shares, unsigned rows, float* dlog_scale);

}  // namespace atnas::backend::cuda
