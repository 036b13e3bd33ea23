// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One convolution: its sizes, its loops on the host, and the algorithms that cuDNN would offer for it.

#include <optional>
#include <vector>

#include "cudnn_state.hpp"

namespace cuda_sim::dnn {

enum class Direction { forward, backward_data, backward_filter };

struct Geometry {
    Tensor x{}, y{};
    Filter w{};
    Convolution conv{};
    /// Multiply-adds.
    double work() const noexcept;
};

/// Empty if the sizes do not fit together.
std::optional<Geometry> make_geometry(const Tensor& x, const Filter& w, const Convolution& conv, const Tensor& y);

// --- Loops: results are blended as alpha * value + beta * old
// -----------------------------------------------------------
void convolve_forward(const Geometry& geometry, float alpha, const float* x, const float* w, float beta, float* y);
void convolve_backward_data(const Geometry& geometry, float alpha, const float* w, const float* dy, float beta,
                            float* dx);
void convolve_backward_filter(const Geometry& geometry, float alpha, const float* x, const float* dy, float beta,
                              float* dw);

// --- Algorithms
// --------------------------------------------------------------------------------------------------------
/// One line of a list of algorithms; `algorithm` is the number of the direction's enum.
struct Candidate {
    int algorithm;
    cudnnStatus_t status;
    float milliseconds;  ///< -1 for an algorithm that cannot be used
    std::size_t workspace;
    cudnnDeterminism_t determinism;
    cudnnMathType_t math;
};
/// Fastest first, those not supported last.
std::vector<Candidate> list_algorithms(Direction direction, const Geometry& geometry);

struct Choice {
    cudnnStatus_t status;
    std::size_t workspace;
    bool tensor_cores;
    cudnnDeterminism_t determinism;
};
/// What an algorithm needs with the math type of the geometry's descriptor.
Choice look_up(Direction direction, const Geometry& geometry, int algorithm);

}  // namespace cuda_sim::dnn
