// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Kernels of the network's end: bias of the linear head, loss, prototypes. Matrices are dense, one row per image or
/// class.

#include <cstddef>

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// Every row of y = row. One element per thread.
__global__ void repeat_row(const float* row, float* y, unsigned columns, std::size_t count);
/// result[c] = sum of column c, row by row. One thread per column.
__global__ void sum_rows(const float* x, unsigned rows, unsigned columns, float* result);

/// Logits [images, classes] with the class of each image as a number.
struct Scores {
    unsigned images;
    unsigned classes;
    const float* logits;
    const float* labels;
};
/// result[0] = mean of -log(probability of the label), result[1] = number of images whose first largest logit is the
/// label's. One block.
__global__ void loss(Scores scores, float* result);
/// dlogits = (probability - [class is the label]) / images. One image per thread.
__global__ void loss_gradient(Scores scores, float* dlogits);

/// Features [images, features] of labelled images.
struct Labelled {
    unsigned images;
    unsigned features;
    unsigned classes;
    const float* labels;
};
/// prototypes[c, f] = mean of the features of class c, samples[c] = images of the class, weight, if any, = 2
/// prototypes. One element of the weight per thread.
__global__ void prototypes(Labelled labelled, const float* x, float* prototypes, float* samples, float* weight);
/// bias[c] = -|prototype c|^2. One block per class.
__global__ void prototype_bias(const float* prototypes, unsigned features, float* bias);
/// dx = 2 (dweight - dbias prototype) / samples, of the image's class; dweight or dbias may be null. One element of dx
/// per thread.
__global__ void prototype_gradient(Labelled labelled, const float* prototypes, const float* samples,
                                   const float* dweight, const float* dbias, float* dx);

}  // namespace atnas::backend::cuda
