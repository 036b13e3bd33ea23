// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Operations of the oneDNN backend, one source each.

#include <memory>

#include "primitive.hpp"

namespace atnas::backend::onednn {

std::unique_ptr<Op> make_convolution(const OnednnKit& kit, const ConvolutionSpec& spec,
                                     const ConvolutionTensors& tensors);
std::unique_ptr<Op> make_pool(const OnednnKit& kit, const PoolSpec& spec, const PoolTensors& tensors);
std::unique_ptr<Op> make_norm(const OnednnKit& kit, const NormSpec& spec, const NormTensors& tensors);
std::unique_ptr<Op> make_fan_out(const OnednnKit& kit, const FanOutTensors& tensors);
std::unique_ptr<Op> make_sum(const OnednnKit& kit, const SumTensors& tensors);
std::unique_ptr<Op> make_image_scale(const OnednnKit& kit, const ImageScaleTensors& tensors);
std::unique_ptr<Op> make_subsample(const OnednnKit& kit, const SubsampleSpec& spec, const SubsampleTensors& tensors);
std::unique_ptr<Op> make_concat(const OnednnKit& kit, const ConcatTensors& tensors);
std::unique_ptr<Op> make_flatten(const OnednnKit& kit, const FlattenTensors& tensors);
/// GFLOP/s of the fastest large matrix product within \p seconds.
double measure_peak(HostBackend& backend, double seconds);
std::unique_ptr<Op> make_linear(const OnednnKit& kit, const LinearTensors& tensors);

}  // namespace atnas::backend::onednn
