// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels of the network's end: bias of the linear head, loss. Matrices are dense, one row per image.

#include <cstddef>

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// Every row of y = row. One element per thread.
__global__ void repeat_row(const float* row, float* y, unsigned columns, std::size_t count);
/// result[c] = sum of column c, row by row. One thread per column.
__global__ void sum_rows(const float* x, unsigned rows, unsigned columns, float* result);

/// Logits [images, classes] with the class of each image as a number, and what its probabilities should be.
struct Scores {
    unsigned images;
    unsigned classes;
    const float* logits;
    const float* labels;
    const float* targets;  ///< [images, classes]; null: 1 for the label and 0 for the others
};
/// result[0] = mean of -sum over the classes of target log(probability), result[1] = number of images whose first
/// largest logit is the label's. One block.
__global__ void loss(Scores scores, float* result);
/// dlogits = (probability - target) / images. One image per thread.
__global__ void loss_gradient(Scores scores, float* dlogits);

}  // namespace atnas::backend::cuda
