// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Operations and the tensors they are bound to; space/operation_specs.hpp says what else there is to know of them.
/// Convention for all of them: forward() writes the outputs; backward() reads the gradients of the outputs and
/// overwrites (never adds to) the gradients of the inputs and parameters that have data. A gradient tensor "dx" has the
/// shape and layout of "x".

#include <vector>

#include "atnas/backend/tensor.hpp"
#include "atnas/space/operation_specs.hpp"

namespace atnas::backend {

/// Where work is queued (a stream on a GPU; nothing on a CPU). Made by a backend; one per thread of work.
class Context {
  public:
    virtual ~Context() = default;
};

/// A compiled operation over fixed tensors. forward() and backward() allocate nothing.
class Op {
  public:
    virtual ~Op() = default;
    virtual void forward(Context& context) = 0;
    /// \pre forward() ran since the inputs last changed
    virtual void backward(Context& context) = 0;
};

using space::ConvolutionSpec;
using space::Extent;
using space::NormRelu;
using space::NormSpec;
using space::NormStatistics;
using space::PoolKind;
using space::PoolSpec;
using space::SubsampleSpec;
using space::window_output;

struct ConvolutionTensors {
    Tensor x{}, dx{};            ///< [n, ci, h, w]; plain or native
    Tensor weight{}, dweight{};  ///< plain [co, ci / groups, kh, kw]
    Tensor bias{}, dbias{};      ///< plain [1, co, 1, 1]; optional
    Tensor y{}, dy{};            ///< native [n, co, oh, ow]
};

struct PoolTensors {
    Tensor x{}, dx{};  ///< native
    Tensor y{}, dy{};  ///< native
};

struct NormTensors {
    Tensor x{}, dx{};                             ///< native
    Tensor scale{}, dscale{}, shift{}, dshift{};  ///< plain [1, c, 1, 1]; all or none
    Tensor mean{}, variance{};                    ///< plain [1, c, 1, 1]; written (batch) or read (given)
    Tensor y{}, dy{};                             ///< native
};

/// One value read by several consumers, directly or through a shared ReLU.
/// forward: relu = max(x, 0) where wanted. backward: dx = sum(direct) + [x > 0] * sum(rectified).
struct FanOutTensors {
    Tensor x{}, dx{};                 ///< any layout, the same for all
    Tensor relu{};                    ///< optional
    std::vector<Tensor> direct{};     ///< gradients from consumers of x
    std::vector<Tensor> rectified{};  ///< gradients from consumers of relu
};

/// y = sum of inputs, zero without any. Its backward is the identity: share the gradient instead of calling it.
struct SumTensors {
    std::vector<Tensor> x{};  ///< native
    Tensor y{};
};

/// y[n] = factors[n] x[n].
struct ImageScaleTensors {
    Tensor x{}, dx{};  ///< native [n, c, h, w]
    Tensor factors{};  ///< plain [n, 1, 1, 1]
    Tensor y{}, dy{};
};

struct SubsampleTensors {
    Tensor x{}, dx{};  ///< native [n, c, h, w]
    Tensor y{}, dy{};  ///< native [n, c, (h+1)/2, (w+1)/2]
};

/// Concatenation over channels, in order.
struct ConcatTensors {
    std::vector<Tensor> x{}, dx{};  ///< native
    Tensor y{}, dy{};               ///< native
};

/// [n, c, h, w] native -> [n, c h w, 1, 1] plain, in NCHW order.
struct FlattenTensors {
    Tensor x{}, dx{};
    Tensor y{}, dy{};
};

/// y[n] = gain exp(log_scale) x[n], or with RowLength::one gain exp(log_scale) x[n] / sqrt(|x[n]|^2 + epsilon).
enum class RowLength { kept, one };
struct FeatureScaleSpec {
    RowLength length{RowLength::kept};
    double gain{1.0};
    double epsilon{1e-5};
};
struct FeatureScaleTensors {
    Tensor x{}, dx{};                  ///< plain [n, features, 1, 1]
    Tensor log_scale{}, dlog_scale{};  ///< plain [1, 1, 1, 1]
    Tensor y{}, dy{};                  ///< plain [n, features, 1, 1]
};

/// y[n,o] = sum_i x[n,i] w[o,i] + b[o]; all plain.
struct LinearTensors {
    Tensor x{}, dx{};            ///< [n, features, 1, 1]
    Tensor weight{}, dweight{};  ///< [classes, features, 1, 1]
    Tensor bias{}, dbias{};      ///< [1, classes, 1, 1]
    Tensor y{}, dy{};            ///< [n, classes, 1, 1]
};

/// Mean softmax cross-entropy: of an image -sum_c target_c log(probability_c). result[0] = mean loss, result[1] =
/// number of arg-maxima that are the label (first wins on ties). backward() needs no forward gradient: it writes
/// dlogits of the mean loss.
struct LossTensors {
    Tensor logits{}, dlogits{};  ///< plain [n, classes, 1, 1]
    Tensor labels{};             ///< plain [n, 1, 1, 1], class numbers stored as values of the backend's precision
    Tensor result{};             ///< plain [1, 2, 1, 1]
    /// Plain [n, classes, 1, 1], rows of probabilities, which sum to 1; absent: 1 for the label and 0 for the others.
    Tensor targets{};
};

/// Weights and biases of a linear layer from class prototypes p_c = mean of the features of class c.
/// distance: weight_c = 2 p_c, bias_c = -|p_c|^2; logits are the negative squared distances to the prototypes, but for
/// a term that all classes share (Snell et al. 2017; Triantafillou et al. 2020). cosine: weight_c = length p_c /
/// sqrt(|p_c|^2 + epsilon), bias_c = 0 (Gidaris & Komodakis 2018).
enum class Similarity { distance, cosine };
struct PrototypeSpec {
    Similarity similarity{Similarity::distance};
    double length{1.0};    ///< cosine only
    double epsilon{1e-5};  ///< cosine only
};
/// backward() takes dweight and dbias to dx. Every class has a sample.
struct PrototypeTensors {
    Tensor x{}, dx{};            ///< plain [n, features, 1, 1]
    Tensor labels{};             ///< plain [n, 1, 1, 1]
    Tensor weight{}, dweight{};  ///< [classes, features, 1, 1]
    Tensor bias{}, dbias{};      ///< [1, classes, 1, 1]
};

}  // namespace atnas::backend
