// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Linear layers from class prototypes, which PrototypeSpec describes. Matrices are dense, one row per image or class.
/// Sums over features are in double, in an order that follows from the shape alone.

#include <cuda_runtime_api.h>

namespace atnas::backend::cuda {

/// Features [images, features] of labelled images.
struct Labelled {
    unsigned images;
    unsigned features;
    unsigned classes;
    const float* labels;
};
/// prototypes[c, f] = mean of the features of class c, samples[c] = images of the class. One element of the prototypes
/// per thread.
__global__ void prototypes(Labelled labelled, const float* x, float* prototypes, float* samples);

/// A linear layer [classes, features], or its gradients, either of which may be null.
struct LinearLayer {
    float* weight;
    float* bias;
};
/// weight = 2 prototypes, bias[c] = -|prototype c|^2. One block per class.
__global__ void distance_layer(const float* prototypes, unsigned features, LinearLayer layer);
/// In place of the prototypes their gradient, 2 (dweight - dbias prototype). One block per class.
__global__ void distance_gradient(float* prototypes, unsigned features, LinearLayer gradients);

/// What a weight vector of a layer of cosines is: length p / sqrt(|p|^2 + epsilon).
struct CosineWeight {
    float length;
    float epsilon;
};
/// The weights so, bias = 0. One block per class.
__global__ void cosine_layer(CosineWeight cosine, const float* prototypes, unsigned features, LinearLayer layer);
/// In place of the prototypes their gradient: the part of dweight across the prototype, times length / |p|; that of the
/// bias is not read. One block per class.
__global__ void cosine_gradient(CosineWeight cosine, float* prototypes, unsigned features, LinearLayer gradients);

/// dx = gradient of the prototype of the image's class / samples. One element of dx per thread.
__global__ void share_gradient(Labelled labelled, const float* dprototypes, const float* samples, float* dx);

}  // namespace atnas::backend::cuda
