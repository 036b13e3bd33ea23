// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The operations of the reference backend, one source file each, instantiated for float and double. They follow
/// op.hpp to the letter and are written to be read, not to be fast. Both layouts are dense NCHW here.

#include <memory>
#include <span>

#include "atnas/backend/op.hpp"

namespace atnas::backend::reference {

template <class T>
std::unique_ptr<Op> make_convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors);
template <class T>
std::unique_ptr<Op> make_pool(const PoolSpec& spec, const PoolTensors& tensors);
template <class T>
std::unique_ptr<Op> make_norm(const NormSpec& spec, const NormTensors& tensors);
template <class T>
std::unique_ptr<Op> make_fan_out(const FanOutTensors& tensors);
template <class T>
std::unique_ptr<Op> make_sum(const SumTensors& tensors);
template <class T>
std::unique_ptr<Op> make_image_scale(const ImageScaleTensors& tensors);
template <class T>
std::unique_ptr<Op> make_subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors);
template <class T>
std::unique_ptr<Op> make_concat(const ConcatTensors& tensors);
template <class T>
std::unique_ptr<Op> make_flatten(const FlattenTensors& tensors);
template <class T>
std::unique_ptr<Op> make_feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors);
template <class T>
std::unique_ptr<Op> make_linear(const LinearTensors& tensors);
template <class T>
std::unique_ptr<Op> make_softmax_loss(const LossTensors& tensors);
template <class T>
std::unique_ptr<Op> make_prototype_head(const PrototypeSpec& spec, const PrototypeTensors& tensors);

/// The elements of a tensor; empty when it is not wanted.
template <class T>
std::span<T> values(const Tensor& tensor) noexcept {
    return {static_cast<T*>(tensor.data), tensor ? tensor.shape.count() : 0};
}

/// Place of the first element of plane (n, c).
inline std::size_t plane(const Shape& shape, int n, int c) noexcept {
    return (static_cast<std::size_t>(n) * static_cast<std::size_t>(shape.c) + static_cast<std::size_t>(c)) *
           static_cast<std::size_t>(shape.h) * static_cast<std::size_t>(shape.w);
}

/// Place of an element.
inline std::size_t place(const Shape& shape, int n, int c, int h, int w) noexcept {
    return plane(shape, n, c) + static_cast<std::size_t>(h) * static_cast<std::size_t>(shape.w) +
           static_cast<std::size_t>(w);
}

/// Whether \p tensor is absent or has this shape.
inline bool absent_or(const Tensor& tensor, const Shape& shape) noexcept {
    return !tensor || tensor.shape == shape;
}

}  // namespace atnas::backend::reference
