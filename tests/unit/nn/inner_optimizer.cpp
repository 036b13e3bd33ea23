// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/inner_optimizer.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/nn/param_store.hpp"

namespace atnas::nn {
namespace {

using Kind = InnerOptimizerKind;

/// Four weights, of which the optimizer moves those of \p range.
class InnerOptimizerTest : public testing::TestWithParam<backend::BackendKind> {
  protected:
    InnerOptimizerTest() {
        // Whoever used the arena before has left something.
        const auto before = arena_.take_buffer(64);
        device_->fill(*context_, *before, {0, before->size()}, std::nan(""));
        arena_.reset();
    }
    /// The weights after each step along \p slopes of all four.
    std::vector<std::vector<float>> steps(InnerOptimizer& optimizer, const std::vector<float>& slopes,
                                          backend::Range range = {0, 4}) {
        upload(*device_, *context_, start, *values_);
        optimizer.begin(*context_);
        std::vector<std::vector<float>> after;
        for (const float g : slopes) {
            device_->fill(*context_, *gradient_, {0, 4}, g);
            optimizer.step(*context_, rate, *gradient_, *values_, range);
            after.push_back(download(*device_, *context_, *values_));
        }
        return after;
    }

    static constexpr float rate = 0.5f;
    const std::vector<float> start{1, 2, 3, 4};
    const std::vector<float> gradients{1.0f, -0.5f, 3.0f};
    std::unique_ptr<backend::Backend> device_ = backend::make_backend(GetParam());
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    std::unique_ptr<backend::Buffer> gradient_ = device_->allocate(4);
    std::unique_ptr<backend::Buffer> values_ = device_->allocate(4);
    Arena arena_{*device_};
};

TEST_P(InnerOptimizerTest, SgdFollowsTheGradient) {
    InnerOptimizer optimizer(*device_, arena_, Kind::sgd, 4);
    EXPECT_EQ(steps(optimizer, gradients).back()[0], 1 - 0.5f * (1 - 0.5f + 3));
}

TEST_P(InnerOptimizerTest, MomentumKeepsItsVelocity) {
    InnerOptimizer optimizer(*device_, arena_, Kind::momentum, 4);
    const auto after = steps(optimizer, gradients);
    double weight = 1;
    double velocity = 0;
    for (std::size_t t = 0; t < gradients.size(); ++t) {
        velocity = 0.9 * velocity + gradients[t];
        weight -= 0.5 * velocity;
        EXPECT_NEAR(after[t][0], weight, 1e-6) << t;
    }
}

/// Algorithm 1 of Kingma & Ba with beta1 = 0: the gradient over its root mean square, whatever its size.
TEST_P(InnerOptimizerTest, AdamHasNoFirstMoment) {
    InnerOptimizer optimizer(*device_, arena_, Kind::adam, 4);
    const auto after = steps(optimizer, gradients);
    double weight = 1;
    double second = 0;
    for (std::size_t t = 0; t < gradients.size(); ++t) {
        const double g = gradients[t];
        second = 0.999 * second + 0.001 * g * g;
        weight -= 0.5 * g / (std::sqrt(second / (1 - std::pow(0.999, static_cast<double>(t + 1)))) + 1e-8);
        EXPECT_NEAR(after[t][0], weight, 1e-5) << t;
    }
    EXPECT_NEAR(steps(optimizer, {1e-3f})[0][1], 2 - 0.5, 1e-4);
}

TEST_P(InnerOptimizerTest, RemembersNothingOfAnotherTask) {
    for (const Kind kind : {Kind::sgd, Kind::momentum, Kind::adam}) {
        InnerOptimizer optimizer(*device_, arena_, kind, 4);
        const auto first = steps(optimizer, gradients);
        EXPECT_EQ(steps(optimizer, gradients), first);
    }
}

TEST_P(InnerOptimizerTest, StaysInItsRange) {
    for (const Kind kind : {Kind::sgd, Kind::momentum, Kind::adam}) {
        InnerOptimizer optimizer(*device_, arena_, kind, 4);
        const auto all = steps(optimizer, gradients).back();
        const auto middle = steps(optimizer, gradients, {1, 2}).back();
        EXPECT_EQ(middle, (std::vector<float>{start[0], all[1], all[2], start[3]}));
    }
}

TEST_P(InnerOptimizerTest, TakesNoMemoryThatItDoesNotNeed) {
    const auto taken = [&](Kind kind) {
        Arena arena(*device_);
        const InnerOptimizer optimizer(*device_, arena, kind, 32);
        return arena.most_taken();
    };
    EXPECT_EQ(taken(Kind::sgd), 0u);
    EXPECT_EQ(taken(Kind::momentum), 32u);
    EXPECT_EQ(taken(Kind::adam), 64u);
}

INSTANTIATE_TEST_SUITE_P(Backends, InnerOptimizerTest,
                         testing::Values(backend::BackendKind::reference, backend::BackendKind::onednn),
                         [](const auto& test) { return std::string(backend::name_of(test.param)); });

}  // namespace
}  // namespace atnas::nn
