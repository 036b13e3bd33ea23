// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Makers of the operations; see atnas/backend/op.hpp for what they compute. All tensors are NCHW in both layouts.

#include <memory>
#include <string>

#include "atnas/backend/backend.hpp"
#include "convolution.hpp"
#include "device_pool.hpp"

namespace atnas::backend::cuda {

class AlgorithmCache;
class CudaContext;
class WorkspaceNeed;

/// What every operation is made with. \pre outlives the operations
struct CudaKit {
    Backend& backend;      ///< for memory to try algorithms on; operations own none
    CudaContext& service;  ///< for what is done while an operation is made
    const CudaOptions& options;
    ConvolutionLibrary library;
    AlgorithmCache& algorithms;
    WorkspaceNeed& workspace;
    std::string machine;  ///< what choices of algorithms depend on beside the shape: cuDNN's version, kind of GPU
};

std::unique_ptr<Op> make_convolution(const CudaKit& kit, const ConvolutionSpec& spec,
                                     const ConvolutionTensors& tensors);
std::unique_ptr<Op> make_pool(const PoolSpec& spec, const PoolTensors& tensors);
std::unique_ptr<Op> make_norm(const CudaKit& kit, const NormSpec& spec, const NormTensors& tensors);
std::unique_ptr<Op> make_fan_out(const FanOutTensors& tensors);
std::unique_ptr<Op> make_sum(const SumTensors& tensors);
std::unique_ptr<Op> make_image_scale(const ImageScaleTensors& tensors);
std::unique_ptr<Op> make_subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors);
std::unique_ptr<Op> make_concat(const ConcatTensors& tensors);
std::unique_ptr<Op> make_flatten(const FlattenTensors& tensors);
std::unique_ptr<Op> make_feature_scale(const CudaKit& kit, const FeatureScaleSpec& spec,
                                       const FeatureScaleTensors& tensors);
std::unique_ptr<Op> make_linear(const LinearTensors& tensors);
std::unique_ptr<Op> make_softmax_loss(const LossTensors& tensors);
std::unique_ptr<Op> make_prototype_head(const CudaKit& kit, const PrototypeSpec& spec, const PrototypeTensors& tensors);

/// As Backend::measure_peak, with matrices of the cuBLAS of \p context.
double measure_peak(Backend& backend, Context& context, double seconds);

}  // namespace atnas::backend::cuda
