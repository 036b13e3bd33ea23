// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// One operation on one set of shapes, ready to be built on any backend. Names are fit for GoogleTest.

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "support/op_bench.hpp"

namespace atnas::test {

struct OpCase {
    std::string name;
    std::function<std::unique_ptr<backend::Op>(OpBench&)> build;
};
inline void PrintTo(const OpCase& op_case, std::ostream* out) {
    *out << op_case.name;
}

enum class Bias { no, yes };
enum class Affine { no, yes };

/// Square kernel with the padding that keeps the size, for short tables.
backend::ConvolutionSpec same(int kernel, int stride = 1, int dilation = 1, int groups = 1);
backend::PoolSpec window(backend::PoolKind kind, int kernel, int stride, int pad);

OpCase convolution_case(backend::Shape x, int outputs, const backend::ConvolutionSpec& spec, Bias bias = Bias::no,
                        backend::Layout layout = backend::Layout::native);
OpCase pool_case(backend::Shape x, const backend::PoolSpec& spec);
OpCase global_average_case(backend::Shape x);
OpCase norm_case(backend::Shape x, const backend::NormSpec& spec, Affine affine);
/// Every combination of statistics, ReLU and affine.
std::vector<OpCase> norm_cases(backend::Shape x);
OpCase fan_out_case(backend::Shape x, int direct, int rectified, backend::Layout layout = backend::Layout::native);
OpCase sum_case(backend::Shape x, int inputs);
/// Every third image is lost.
OpCase image_scale_case(backend::Shape x);
OpCase subsample_case(backend::Shape x, int offset);
OpCase concat_case(backend::Shape first, const std::vector<int>& channels);
OpCase flatten_case(backend::Shape x);
OpCase feature_scale_case(int images, int features, const backend::FeatureScaleSpec& spec);
OpCase linear_case(int images, int features, int classes);
/// What the loss compares with.
enum class Targets { labels, soft };
OpCase loss_case(int images, int classes, Targets targets = Targets::labels);
OpCase prototype_case(int images, int features, int classes, const backend::PrototypeSpec& spec = {});

}  // namespace atnas::test
