// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "op_cases.hpp"
#include "support/gradient_check.hpp"

namespace atnas::test {
namespace {

using backend::Layout;
using backend::PoolKind;
using enum Bias;

class FiniteDifferences : public testing::TestWithParam<OpCase> {};

TEST_P(FiniteDifferences, MatchBackward) {
    const auto device = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    OpBench bench(*device);
    const auto op = GetParam().build(bench);
    op->forward(bench.context());
    op->backward(bench.context());
    ASSERT_FALSE(bench.inputs.empty());

    for (std::size_t k = 0; k < bench.inputs.size(); ++k) {
        const Probe& input = bench.inputs[k];
        const auto values = bench.read(input.tensor);
        expect_gradient(input.name, values, bench.read(bench.gradients[k].tensor), [&](const std::vector<double>& at) {
            bench.write(input.tensor, at);
            op->forward(bench.context());
            return bench.scalar();
        });
        bench.write(input.tensor, values);
    }
}

std::string name_of_case(const testing::TestParamInfo<OpCase>& info) {
    return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Convolution, FiniteDifferences,
    testing::Values(
        convolution_case({2, 3, 5, 6}, 4, same(3), yes), convolution_case({1, 2, 7, 5}, 3, same(3, 2)),
        convolution_case({2, 2, 6, 6}, 3, same(3, 2), yes, Layout::plain),
        convolution_case({1, 2, 7, 7}, 2, same(3, 1, 2)), convolution_case({2, 4, 5, 5}, 4, same(3, 1, 1, 4)),
        convolution_case({1, 3, 7, 6}, 3, same(3, 2, 2, 3)), convolution_case({1, 2, 5, 5}, 4, same(3, 1, 1, 2), yes),
        convolution_case({2, 4, 4, 3}, 6, same(1, 1, 1, 2)), convolution_case({1, 5, 3, 4}, 2, same(1), yes),
        convolution_case({1, 2, 4, 6}, 2, {.kernel = {1, 5}, .pad = {0, 2}}),
        convolution_case({1, 2, 6, 4}, 2, {.kernel = {5, 1}, .stride = {2, 1}, .pad = {2, 0}}),
        convolution_case({2, 2, 5, 4}, 2, {.kernel = {3, 2}}, yes)),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(Pool, FiniteDifferences,
                         testing::Values(pool_case({2, 2, 5, 6}, window(PoolKind::max, 3, 1, 1)),
                                         pool_case({1, 3, 7, 5}, window(PoolKind::max, 3, 2, 1)),
                                         pool_case({2, 1, 5, 6}, window(PoolKind::max, 2, 2, 0)),
                                         pool_case({2, 2, 5, 6}, window(PoolKind::average, 3, 1, 1)),
                                         pool_case({1, 3, 6, 7}, window(PoolKind::average, 3, 2, 1)),
                                         pool_case({1, 2, 4, 5}, window(PoolKind::average, 2, 2, 0)),
                                         global_average_case({2, 3, 5, 3})),
                         name_of_case);

INSTANTIATE_TEST_SUITE_P(Norm, FiniteDifferences, testing::ValuesIn(norm_cases({2, 3, 4, 3})), name_of_case);
INSTANTIATE_TEST_SUITE_P(NormOfOneImage, FiniteDifferences, testing::ValuesIn(norm_cases({1, 2, 5, 3})), name_of_case);

INSTANTIATE_TEST_SUITE_P(Wiring, FiniteDifferences,
                         testing::Values(fan_out_case({2, 2, 3, 3}, 1, 0), fan_out_case({2, 2, 3, 3}, 0, 1),
                                         fan_out_case({1, 3, 4, 3}, 2, 3), image_scale_case({4, 3, 2, 3}),
                                         subsample_case({2, 2, 6, 4}, 0), subsample_case({2, 2, 6, 4}, 1),
                                         subsample_case({1, 2, 5, 7}, 0), subsample_case({1, 2, 5, 7}, 1),
                                         subsample_case({1, 2, 4, 5}, 1), concat_case({2, 1, 3, 2}, {2, 1, 3}),
                                         concat_case({1, 1, 2, 2}, {4}), flatten_case({2, 3, 2, 3})),
                         name_of_case);

/// Epsilon of a size that shows.
const backend::FeatureScaleSpec unit_rows{.length = backend::RowLength::one, .gain = 1.5, .epsilon = 0.25};
const backend::PrototypeSpec cosines{.similarity = backend::Similarity::cosine, .length = 1.5, .epsilon = 0.25};

INSTANTIATE_TEST_SUITE_P(Head, FiniteDifferences,
                         testing::Values(linear_case(3, 7, 4), linear_case(1, 5, 2), loss_case(6, 4), loss_case(1, 3),
                                         loss_case(6, 4, Targets::soft), loss_case(1, 3, Targets::soft),
                                         prototype_case(7, 5, 3), prototype_case(4, 3, 4),
                                         prototype_case(7, 5, 3, cosines), prototype_case(4, 3, 4, cosines),
                                         feature_scale_case(4, 6, {.gain = 1.5}), feature_scale_case(4, 6, unit_rows),
                                         feature_scale_case(1, 2, unit_rows)),
                         name_of_case);

}  // namespace
}  // namespace atnas::test
