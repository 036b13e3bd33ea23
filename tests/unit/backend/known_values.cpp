// SPDX-License-Identifier: Apache-2.0
#include "unit/backend/known_values.hpp"

#include <array>

namespace atnas::test {

using backend::Shape;
using backend::Tensor;

TEST_P(KnownValues, ConvolutionIsCrossCorrelation) {
    const auto y = empty({1, 1, 3, 3});
    const auto op = device_->convolution({.kernel = {3, 3}, .pad = {1, 1}},
                                         {.x = image_,
                                          .weight = tensor({1, 1, 3, 3}, {0, 1, 0, 0, 10, 100, 0, 0, 0}),
                                          .bias = tensor({1, 1, 1, 1}, {0.5}),
                                          .y = y});
    expect_values(forward(op, y), (List{210.5, 320.5, 30.5, 541.5, 652.5, 63.5, 874.5, 985.5, 96.5}));
}

TEST_P(KnownValues, ConvolutionWithStrideAndDilation) {
    const auto weight = tensor({1, 1, 2, 2}, {1, 10, 100, 1000});
    const auto dilated = empty({1, 1, 1, 1});
    expect_values(forward(device_->convolution({.kernel = {2, 2}, .dilation = {2, 2}},
                                               {.x = image_, .weight = weight, .y = dilated}),
                          dilated),
                  (List{9731}));
    const auto strided = empty({1, 1, 2, 2});
    expect_values(forward(device_->convolution({.kernel = {2, 2}, .stride = {2, 2}, .pad = {1, 1}},
                                               {.x = image_, .weight = weight, .y = strided}),
                          strided),
                  (List{1000, 3200, 7040, 9865}));
}

TEST_P(KnownValues, ConvolutionInGroups) {
    // Two groups of two channels: outputs 0 and 1 see the first pair, 2 and 3 the second.
    const auto y = empty({1, 4, 1, 1});
    const auto op = device_->convolution({.groups = 2}, {.x = tensor({1, 4, 1, 1}, {1, 2, 3, 4}),
                                                         .weight = tensor({4, 2, 1, 1}, {1, 10, 2, 20, 3, 30, 4, 40}),
                                                         .y = y});
    expect_values(forward(op, y), (List{21, 42, 129, 172}));
}

TEST_P(KnownValues, MaxPool) {
    const auto x = tensor({1, 1, 3, 3}, {-1, -2, -3, -4, -5, -6, -7, -8, -9});
    const auto dx = empty(x.shape);
    const auto y = empty(x.shape);
    const auto op =
        device_->pool({.kernel = {3, 3}, .pad = {1, 1}}, {x, dx, y, tensor(x.shape, {1, 2, 3, 4, 5, 6, 7, 8, 9})});
    expect_values(forward(op, y), (List{-1, -1, -2, -1, -1, -2, -4, -4, -5}), "padding must not win");
    expect_values(backward(op, dx), (List{12, 9, 0, 15, 9, 0, 0, 0, 0}));
}

TEST_P(KnownValues, MaxPoolGivesTheGradientToTheFirstMaximum) {
    const auto x = tensor({1, 1, 2, 2}, {3, 5, 5, 5});
    const auto dx = empty(x.shape);
    const auto y = empty({1, 1, 1, 1});
    const auto op = device_->pool({.kernel = {2, 2}, .stride = {2, 2}}, {x, dx, y, tensor(y.shape, {7})});
    expect_values(forward(op, y), (List{5}));
    const List gradient = backward(op, dx);
    EXPECT_EQ(gradient[0], 0) << "no maximum";
    EXPECT_EQ(gradient[1] + gradient[2] + gradient[3], 7);
    expect_assumption(*device_, "max pooling gives the gradient to the first of equal maxima",
                      gradient == List{0, 7, 0, 0});
}

TEST_P(KnownValues, AveragePoolLeavesThePaddingOut) {
    const auto y = empty(image_.shape);
    const auto op =
        device_->pool({.kind = backend::PoolKind::average, .kernel = {3, 3}, .pad = {1, 1}}, {image_, {}, y, {}});
    expect_near(forward(op, y), {3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7});
}

TEST_P(KnownValues, NormOverImagesAndPixels) {
    // Channel 0 holds 1, 3, 5, 7: mean 4, variance 5; channel 1 holds 2, 2, 2, 6: mean 3, variance 3.
    const auto x = tensor({2, 2, 1, 2}, {1, 3, 2, 2, 5, 7, 2, 6});
    const auto mean = empty({1, 2, 1, 1});
    const auto variance = empty(mean.shape);
    const auto y = empty(x.shape);
    const auto op =
        device_->norm({.relu = backend::NormRelu::yes, .epsilon = 1.0f}, {.x = x,
                                                                          .scale = tensor(mean.shape, {2, -1}),
                                                                          .shift = tensor(mean.shape, {1, 1}),
                                                                          .mean = mean,
                                                                          .variance = variance,
                                                                          .y = y});
    const double s = 2.0 / std::sqrt(6.0);
    expect_near(forward(op, y), {0, 1 - s, 1.5, 1.5, 1 + s, 1 + 3 * s, 1.5, 0});
    expect_values(bench_->read(mean), (List{4, 3}));
    expect_values(bench_->read(variance), (List{5, 3}));
}

TEST_P(KnownValues, NormWithGivenStatisticsOnlyReadsThem) {
    const auto x = tensor({1, 1, 1, 3}, {1, 2, 6});
    const auto mean = tensor({1, 1, 1, 1}, {2});
    const auto variance = tensor(mean.shape, {3});
    const auto y = empty(x.shape);
    const auto dx = empty(x.shape);
    const auto op =
        device_->norm({.statistics = backend::NormStatistics::given, .epsilon = 1.0f},
                      {.x = x, .dx = dx, .mean = mean, .variance = variance, .y = y, .dy = tensor(x.shape, {2, 4, 6})});
    expect_near(forward(op, y), {-0.5, 0, 2});
    expect_near(backward(op, dx), {1, 2, 3});
    expect_values(bench_->read(mean), (List{2}));
    expect_values(bench_->read(variance), (List{3}));
}

TEST_P(KnownValues, NormKeepsDigitsOfALargeMean) {
    // E[x^2] - E[x]^2 would have no correct digit left in float.
    const auto x = tensor({1, 1, 1, 4}, {10001, 10003, 10001, 10003});
    const auto mean = empty({1, 1, 1, 1});
    const auto variance = empty(mean.shape);
    const auto y = empty(x.shape);
    // Own loops take the mean off first; oneDNN may multiply first and round a number of the size of x.
    const double tolerance = GetParam().kind == backend::BackendKind::onednn ? 1e-3 : 2e-6;
    const List result = forward(device_->norm({}, {.x = x, .mean = mean, .variance = variance, .y = y}), y);
    const List expected{-1 + 5e-6, 1 - 5e-6, -1 + 5e-6, 1 - 5e-6};
    double difference = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
        difference = std::max(difference, std::abs(result[i] - expected[i]));
    EXPECT_LE(difference, tolerance);
    EXPECT_NEAR(bench_->read(variance)[0], 1.0, 2e-6);
}

TEST_P(KnownValues, FanOut) {
    const auto x = tensor({1, 1, 1, 3}, {-2, 0, 3});
    const auto dx = empty(x.shape);
    const auto relu = empty(x.shape);
    const auto op = device_->fan_out({.x = x,
                                      .dx = dx,
                                      .relu = relu,
                                      .direct = {tensor(x.shape, {1, 2, 3}), tensor(x.shape, {10, 20, 30})},
                                      .rectified = {tensor(x.shape, {100, 200, 300})}});
    expect_values(forward(op, relu), (List{0, 0, 3}));
    expect_values(backward(op, dx), (List{11, 22, 333}), "the derivative of ReLU at 0 is 0");
}

TEST_P(KnownValues, SumAndItsBackwardThatDoesNothing) {
    const auto a = tensor({1, 2, 1, 1}, {1, 2});
    const auto y = empty(a.shape);
    const auto op = device_->sum({{a, tensor(a.shape, {10, 20}), a}, y});
    expect_values(forward(op, y), (List{12, 24}));
    expect_values(backward(op, a), (List{1, 2}));
}

TEST_P(KnownValues, SubsampleOfAnOddImage) {
    const auto dx = empty(image_.shape);
    const auto y = empty({1, 1, 2, 2});
    const auto dy = tensor(y.shape, {1, 2, 3, 4});
    const auto even = device_->subsample({0}, {image_, dx, y, dy});
    expect_values(forward(even, y), (List{1, 3, 7, 9}));
    expect_values(backward(even, dx), (List{1, 0, 2, 0, 0, 0, 3, 0, 4}));
    const auto odd = device_->subsample({1}, {image_, dx, y, dy});
    expect_values(forward(odd, y), (List{5, 0, 0, 0}));
    expect_values(backward(odd, dx), (List{0, 0, 0, 0, 1, 0, 0, 0, 0}));
}

TEST_P(KnownValues, ConcatWithOneUnwantedGradient) {
    const auto a = tensor({2, 1, 1, 2}, {1, 2, 3, 4});
    const auto b = tensor({2, 2, 1, 2}, {10, 20, 30, 40, 50, 60, 70, 80});
    const auto db = empty(b.shape);
    const auto y = empty({2, 3, 1, 2});
    const auto op = device_->concat({{a, b}, {Tensor{}, db}, y, y});
    expect_values(forward(op, y), (List{1, 2, 10, 20, 30, 40, 3, 4, 50, 60, 70, 80}));
    expect_values(backward(op, db), bench_->read(b));
}

TEST_P(KnownValues, FeatureScaleThatKeepsLengths) {
    const auto x = tensor({2, 2, 1, 1}, {1, 2, 3, -4});
    const auto dx = empty(x.shape);
    const auto y = empty(x.shape);
    const auto dy = tensor(x.shape, {1, 10, 100, 1000});
    const auto dlog_scale = empty({1, 1, 1, 1});
    const auto op =
        device_->feature_scale({.gain = 3}, {x, dx, tensor({1, 1, 1, 1}, {std::log(2.0)}), dlog_scale, y, dy});
    expect_near(forward(op, y), {6, 12, 18, -24});
    expect_near(backward(op, dx), {6, 60, 600, 6000});
    expect_near(bench_->read(dlog_scale), {6 + 120 + 1800 - 24000});
}

TEST_P(KnownValues, FeatureScaleToLengthOne) {
    // |x|^2 + epsilon is 25 + 11 for the first row, 11 for the second, which has no direction.
    const auto x = tensor({2, 2, 1, 1}, {3, 4, 0, 0});
    const auto dx = empty(x.shape);
    const auto y = empty(x.shape);
    const auto dy = tensor(x.shape, {6, 0, 1, 2});
    const auto dlog_scale = empty({1, 1, 1, 1});
    const auto op = device_->feature_scale({.length = backend::RowLength::one, .gain = 12, .epsilon = 11},
                                           {x, dx, tensor({1, 1, 1, 1}, {0}), dlog_scale, y, dy});
    const double s = 12 / std::sqrt(11.0);
    expect_near(forward(op, y), {6, 8, 0, 0});
    expect_near(backward(op, dx), {9, -4, s, 2 * s});
    expect_near(bench_->read(dlog_scale), {36});
}

TEST_P(KnownValues, Linear) {
    const auto y = empty({2, 2, 1, 1});
    const auto op = device_->linear({.x = tensor({2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}),
                                     .weight = tensor({2, 3, 1, 1}, {1, 0, -1, 2, 1, 0}),
                                     .bias = tensor({1, 2, 1, 1}, {0.5, -1}),
                                     .y = y});
    expect_values(forward(op, y), (List{-1.5, 3, -1.5, 12}));
}

TEST_P(KnownValues, ImageScale) {
    const auto x = tensor({2, 1, 1, 2}, {1, 2, 3, 4});
    const auto y = empty(x.shape);
    const auto op = device_->image_scale({.x = x, .factors = tensor({2, 1, 1, 1}, {0, 1.25}), .y = y});
    expect_values(forward(op, y), (List{0, 0, 3.75, 5}));
}

TEST_P(KnownValues, Loss) {
    // Softmax of (0, ln 3) is (1/4, 3/4). The second row is a tie, which the first class wins.
    const auto logits = tensor({2, 2, 1, 1}, {0, std::log(3.0), 5, 5});
    const auto dlogits = empty(logits.shape);
    const auto result = empty({1, 2, 1, 1});
    const auto op = device_->softmax_loss({logits, dlogits, tensor({2, 1, 1, 1}, {1, 1}), result});
    expect_near(forward(op, result), {(std::log(4.0 / 3.0) + std::log(2.0)) / 2, 1});
    expect_near(backward(op, dlogits), {0.125, -0.125, 0.25, -0.25});
}

TEST_P(KnownValues, LossOfSoftTargets) {
    // The first row is right as it is, and its loss the entropy of the targets. Accuracy is that of the labels.
    const auto logits = tensor({2, 2, 1, 1}, {0, std::log(3.0), 5, 5});
    const auto dlogits = empty(logits.shape);
    const auto result = empty({1, 2, 1, 1});
    const auto op = device_->softmax_loss(
        {logits, dlogits, tensor({2, 1, 1, 1}, {1, 1}), result, tensor(logits.shape, {0.25, 0.75, 0.75, 0.25})});
    expect_near(forward(op, result), {(std::log(4.0) - 0.75 * std::log(3.0) + std::log(2.0)) / 2, 1});
    expect_near(backward(op, dlogits), {0, 0, -0.125, 0.125});
}

TEST_P(KnownValues, LossOfHugeLogitsIsFinite) {
    const auto logits = tensor({1, 3, 1, 1}, {-1000, 1000, 0});
    const auto dlogits = empty(logits.shape);
    const auto result = empty({1, 2, 1, 1});
    const auto op = device_->softmax_loss({logits, dlogits, tensor({1, 1, 1, 1}, {0}), result});
    expect_near(forward(op, result), {2000, 0});
    expect_near(backward(op, dlogits), {-1, 1, 0});
}

TEST_P(KnownValues, PrototypeHeadRemembersItsPrototypes) {
    const auto x = tensor({3, 2, 1, 1}, {1, 2, 10, 20, 3, 4});
    const auto dx = empty(x.shape);
    const auto weight = empty({2, 2, 1, 1});
    const auto bias = empty({1, 2, 1, 1});
    const auto op =
        device_->prototype_head({}, {x, dx, tensor({3, 1, 1, 1}, {0, 1, 0}), weight, tensor(weight.shape, {1, 2, 3, 4}),
                                     bias, tensor(bias.shape, {1, -1})});
    expect_values(forward(op, weight), (List{4, 6, 20, 40}));
    expect_values(bench_->read(bias), (List{-13, -500}));
    // The inner loop adapts the head before the gradient comes back.
    bench_->write(weight, {0, 0, 0, 0});
    bench_->write(bias, {0, 0});
    expect_values(backward(op, dx), (List{-1, -1, 26, 48, -1, -1}));
}

TEST_P(KnownValues, PrototypeHeadOfCosines) {
    // Prototypes (3, 4) and (0, 0); with epsilon their lengths are 6 and the root of 11.
    const auto x = tensor({3, 2, 1, 1}, {2, 5, 0, 0, 4, 3});
    const auto dx = empty(x.shape);
    const auto weight = empty({2, 2, 1, 1});
    const auto bias = empty({1, 2, 1, 1});
    const auto op = device_->prototype_head({.similarity = backend::Similarity::cosine, .length = 12, .epsilon = 11},
                                            {x, dx, tensor({3, 1, 1, 1}, {0, 1, 0}), weight,
                                             tensor(weight.shape, {6, 0, 1, 2}), bias, tensor(bias.shape, {1, -1})});
    expect_near(forward(op, weight), {6, 8, 0, 0});
    expect_values(bench_->read(bias), (List{0, 0}));
    bench_->write(weight, {7, 7, 7, 7});
    const double s = 12 / std::sqrt(11.0);
    expect_near(backward(op, dx), {4.5, -2, s, 2 * s, 4.5, -2}, "the bias does not depend on the features");
}

TEST_P(KnownValues, TransfersConvertAndAllowBothPrecisions) {
    const auto t = empty({1, 3, 1, 1});
    const std::array<float, 3> sent{0.5f, -1.25f, 3.0f};
    std::array<float, 3> received{};
    device_->write(bench_->context(), t, std::span<const float>(sent));
    device_->read(bench_->context(), t, std::span<float>(received));
    EXPECT_EQ(sent, received);
    EXPECT_EQ(bench_->read(t), (List{0.5, -1.25, 3.0}));
}

}  // namespace atnas::test
