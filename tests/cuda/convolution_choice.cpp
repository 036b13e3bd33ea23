// SPDX-License-Identifier: Apache-2.0
// How algorithms of convolutions are chosen, remembered and told to a later run, and what else belongs to cuda alone.
#include <algorithm>
#include <cmath>
#include <sstream>

#include <gtest/gtest.h>

#include "atnas/backend/device_services.hpp"
#include "support/device.hpp"
#include "unit/backend/op_cases.hpp"

namespace atnas::test {
namespace {

using backend::BackendKind;
using backend::CudaAlgorithms;
using List = std::vector<double>;

class CudaDevice : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string obstacle = backend::cuda_obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
    }
    static std::unique_ptr<backend::Backend> make(const backend::CudaOptions& options = {}) {
        return backend::make_backend(BackendKind::cuda, backend::Precision::f32, options);
    }
    /// Makes and runs a convolution with all three directions; its results.
    static std::vector<double> convolve(backend::Backend& device) {
        OpBench bench(device);
        const auto op = convolution_case({2, 8, 7, 7}, 8, same(3)).build(bench);
        op->forward(bench.context());
        op->backward(bench.context());
        std::vector<double> all;
        for (const auto* probes : {&bench.outputs, &bench.gradients})
            for (const Probe& probe : *probes) std::ranges::copy(bench.read(probe.tensor), std::back_inserter(all));
        return all;
    }
    static std::vector<std::string> lines_of(const std::string& text) {
        std::istringstream in(text);
        std::vector<std::string> lines;
        for (std::string line; std::getline(in, line);) lines.push_back(line);
        return lines;
    }
    /// The same choices with other numbers behind them.
    static std::string with_numbers(const std::string& tuning, const std::string& numbers) {
        std::string changed;
        for (const std::string& line : lines_of(tuning))
            changed += line.substr(0, line.find('\t') + 1) + numbers + "\n";
        return changed;
    }
};

TEST_F(CudaDevice, OneChoicePerDirectionAndWayToChoose) {
    const auto device = make();
    convolve(*device);
    convolve(*device);
    EXPECT_EQ(3u, lines_of(device->services()->tuning()).size());
    const auto fastest = make({.algorithms = CudaAlgorithms::fastest});
    fastest->services()->tune(device->services()->tuning());
    convolve(*fastest);
    EXPECT_EQ(6u, lines_of(fastest->services()->tuning()).size()) << "deterministic choices are none for the fastest";
    const auto tf32 = make({.tf32 = backend::Tf32::yes});
    tf32->services()->tune(device->services()->tuning());
    convolve(*tf32);
    EXPECT_EQ(6u, lines_of(tf32->services()->tuning()).size()) << "choices without TF32 are none with it";
}

TEST_F(CudaDevice, StoredChoicesGiveTheSameBits) {
    for (const auto algorithms : {CudaAlgorithms::deterministic, CudaAlgorithms::fastest}) {
        const auto first = make({.algorithms = algorithms});
        const auto expected = convolve(*first);
        const auto second = make({.algorithms = algorithms});
        second->services()->tune(first->services()->tuning());
        const auto actual = convolve(*second);
        EXPECT_EQ(first->services()->tuning(), second->services()->tuning());
        if (algorithms == CudaAlgorithms::deterministic) {
            EXPECT_EQ(expected, actual);
        }
    }
}

TEST_F(CudaDevice, StoredChoicesThatCannotBeUsedAreSearchedAgain) {
    const auto device = make();
    const auto expected = convolve(*device);
    // An algorithm that does not exist, and arithmetic in half precision that nobody asked for.
    for (const std::string numbers : {"99 3 0", "-1 3 0", "1 2 0", "1 77 0"}) {
        const auto again = make();
        again->services()->tune(with_numbers(device->services()->tuning(), numbers));
        EXPECT_EQ(expected, convolve(*again)) << numbers;
        EXPECT_EQ(device->services()->tuning(), again->services()->tuning()) << numbers;
    }
}

TEST_F(CudaDevice, WrongWorkingMemoryInAStoredChoiceDoesNoHarm) {
    const auto device = make();
    const auto expected = convolve(*device);
    std::string changed;
    for (const std::string& line : lines_of(device->services()->tuning()))
        changed += line.substr(0, line.rfind(' ')) + " 0\n";
    const auto again = make();
    again->services()->tune(changed);
    EXPECT_EQ(expected, convolve(*again));
}

/// 1 + 2^-12 has more digits than TF32 keeps.
TEST_F(CudaDevice, FactorsLoseDigitsWithTf32Only) {
    const double value = 1.0 + std::ldexp(1.0, -12);
    const backend::Shape shape{2, 8, 8, 8};
    for (const auto tf32 : {backend::Tf32::no, backend::Tf32::yes}) {
        const auto device = make({.tf32 = tf32});
        OpBench bench(*device);
        List weights(64, 0.0);
        for (std::size_t c = 0; c < 8; ++c) weights[9 * c] = 1.0;
        const auto x = bench.constant(shape, List(shape.count(), value));
        const auto y = bench.result("y", shape);
        const auto op = device->convolution({}, {.x = x, .weight = bench.constant({8, 8, 1, 1}, weights), .y = y});
        op->forward(bench.context());
        const double result = bench.read(y)[5];
        if (tf32 == backend::Tf32::no) {
            EXPECT_EQ(result, value);
        } else {
            EXPECT_NEAR(result, value, 1e-3);
            expect_assumption(*device, "a small convolution uses TF32 where it may", result == 1.0);
        }
    }
}

TEST_F(CudaDevice, PeakIsMeasured) {
    EXPECT_GT(make()->measure_peak(0.01), 0.0);
}

/// Memory of their own would be cleared, and waited for, with every plan.
TEST_F(CudaDevice, OperationsOwnNoMemory) {
    const auto device = make();
    OpBench bench(*device);
    const backend::Shape image{10, 8, 7, 7}, channels{1, 8, 1, 1}, features{10, 392, 1, 1}, weight{5, 392, 1, 1},
        bias{1, 5, 1, 1}, logits{10, 5, 1, 1}, labels{10, 1, 1, 1};
    const auto tensor = [&](const backend::Shape& shape) { return bench.constant(shape, List(shape.count(), 1.0)); };
    const auto x = tensor(image), dx = tensor(image), y = tensor(image), dy = tensor(image);
    const auto mean = tensor(channels), variance = tensor(channels), flat = tensor(features), dflat = tensor(features);
    const auto w = tensor(weight), dw = tensor(weight), b = tensor(bias), db = tensor(bias),
               result = tensor({1, 2, 1, 1}), one = tensor({1, 1, 1, 1}), done = tensor({1, 1, 1, 1});
    const auto scores = tensor(logits), dscores = tensor(logits), of_class = tensor(labels),
               kernel = tensor({8, 8, 3, 3});
    const std::size_t before = device->services()->memory_use().in_use;
    std::vector<std::unique_ptr<backend::Op>> ops;
    ops.push_back(device->convolution(same(3), {.x = x, .dx = dx, .weight = kernel, .y = y, .dy = dy}));
    const std::size_t after_choice = device->services()->memory_use().in_use;
    ops.push_back(device->convolution(same(3), {.x = x, .dx = dx, .weight = kernel, .y = y, .dy = dy}));
    ops.push_back(device->norm({}, {.x = x, .dx = dx, .mean = mean, .variance = variance, .y = y, .dy = dy}));
    ops.push_back(device->pool(window(backend::PoolKind::max, 3, 1, 1), {x, dx, y, dy}));
    ops.push_back(device->concat({{x}, {dx}, y, dy}));
    ops.push_back(device->sum({{x, dx}, y}));
    ops.push_back(device->image_scale({x, dx, of_class, y, dy}));
    ops.push_back(device->flatten({x, dx, flat, dflat}));
    ops.push_back(device->feature_scale({}, {flat, dflat, one, done, flat, dflat}));
    ops.push_back(device->linear({flat, dflat, w, dw, b, db, scores, dscores}));
    ops.push_back(device->softmax_loss({scores, dscores, of_class, result}));
    ops.push_back(device->prototype_head({}, {flat, dflat, of_class, w, dw, b, db}));
    EXPECT_EQ(device->services()->memory_use().in_use, after_choice);
    // The trial's tensors are gone; the working memory stays.
    EXPECT_LE(after_choice, before + (std::size_t{1} << 20));
}

TEST_F(CudaDevice, ConstantChannelHasNoVariance) {
    const auto device = make();
    OpBench bench(*device);
    const backend::Shape shape{2, 1, 3, 3};
    const auto x = bench.constant(shape, std::vector<double>(shape.count(), 3.5));
    const auto y = bench.result("y", shape);
    const auto mean = bench.result("mean", {1, 1, 1, 1});
    const auto variance = bench.result("variance", {1, 1, 1, 1});
    const auto op = device->norm({}, {.x = x, .mean = mean, .variance = variance, .y = y});
    op->forward(bench.context());
    EXPECT_EQ(3.5, bench.read(mean)[0]);
    EXPECT_GE(bench.read(variance)[0], 0.0);
    EXPECT_LT(bench.read(variance)[0], 1e-10);
    for (const double value : bench.read(y)) EXPECT_NEAR(0.0, value, 1e-6);
}

}  // namespace
}  // namespace atnas::test
