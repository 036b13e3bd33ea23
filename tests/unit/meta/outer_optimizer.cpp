// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/outer_optimizer.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/meta/meta_gradient.hpp"

namespace {

using namespace atnas;
using meta::OptimizerKind;
using meta::OuterOptions;

/// Two blocks, 3 weights of a layer and 2 shifts, and an optimizer.
class OuterOptimizer : public testing::TestWithParam<backend::BackendKind> {
  protected:
    OuterOptimizer() : device_(backend::make_backend(GetParam())), context_(device_->make_context()) {
        nn::Manifest manifest;
        manifest.require("a", {1, 3, 1, 1}, nn::Initial::he_normal);
        manifest.require("b", {1, 2, 1, 1}, nn::Initial::zero);
        weights_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest, 1);
        nn::upload(*device_, *context_, start, weights_->values());
        values_ = weights_->make_like();
        gradient_ = weights_->make_sum(1);
    }

    void make(const OuterOptions& options) {
        options_ = options;
        optimizer_ = meta::make_outer_optimizer(*device_, *context_, *weights_, options);
    }
    void step(const std::vector<float>& gradient, const std::vector<std::int64_t>& uses, int iteration = 0) {
        nn::upload(*device_, *context_, gradient, *values_);
        device_->clear(*context_, *gradient_);
        device_->accumulate(*context_, *values_, 0, *gradient_, {0, gradient.size()});
        optimizer_->step(*gradient_, uses, meta::rate_at(options_, iteration));
    }
    std::vector<float> weights() { return nn::download(*device_, *context_, weights_->values()); }
    std::vector<float> moment(const std::string& name) {
        return nn::download(*device_, *context_, *optimizer_->moments().at(name));
    }

    const std::vector<float> start{0.5f, -1.0f, 2.0f, 0.25f, -0.75f};
    OuterOptions options_;
    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<backend::Context> context_;
    std::unique_ptr<nn::ParamStore> weights_;
    std::unique_ptr<backend::Buffer> values_;
    std::unique_ptr<backend::ExactSum> gradient_;
    std::unique_ptr<meta::OuterOptimizer> optimizer_;
};

/// Adam as in the paper's algorithm 1, for one weight.
struct AdamByHand {
    double w, m{0}, v{0};
    int t{0};
    void step(double g, const OuterOptions& o) {
        ++t;
        m = o.beta1 * m + (1 - o.beta1) * g;
        v = o.beta2 * v + (1 - o.beta2) * g * g;
        w -= o.rate * (m / (1 - std::pow(o.beta1, t))) / (std::sqrt(v / (1 - std::pow(o.beta2, t))) + o.epsilon);
    }
};

TEST_P(OuterOptimizer, adam_counts_the_steps_of_each_block) {
    const OuterOptions options{.rate = 0.01, .beta2 = 0.99, .epsilon = 1e-3};
    make(options);
    std::vector<AdamByHand> expected;
    for (const float w : start) expected.push_back({w});
    for (int t = 0; t < 6; ++t) {
        const bool uses_b = t % 3 == 1;
        std::vector<float> gradient;
        for (int i = 0; i < 5; ++i) gradient.push_back(std::sin(1.0f + static_cast<float>(i + 7 * t)));
        step(gradient, {4, uses_b ? 2 : 0});
        for (std::size_t i = 0; i < 5; ++i)
            if (i < 3 || uses_b) expected[i].step(gradient[i] / (i < 3 ? 4.0 : 2.0), options);
        for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(weights()[i], expected[i].w, 1e-6) << t << " " << i;
    }
    EXPECT_EQ(optimizer_->block_steps(), (std::vector<std::int64_t>{6, 2}));
    for (std::size_t i = 0; i < 5; ++i) {
        EXPECT_NEAR(moment("first_moment")[i], expected[i].m, 1e-6);
        EXPECT_NEAR(moment("second_moment")[i], expected[i].v, 1e-6);
    }
}

TEST_P(OuterOptimizer, leaves_unused_blocks_alone) {
    for (const auto kind : {OptimizerKind::adam, OptimizerKind::sgd}) {
        make({.kind = kind, .rate = 0.1});
        step({1, 1, 1, 1, 1}, {1, 1});
        const auto before = weights();
        // What lies in the gradient of an unused block is nobody's concern.
        step({1, 1, 1, 1e5f, 5}, {1, 0});
        const auto after = weights();
        EXPECT_LT(after[0], before[0]);
        EXPECT_EQ(after[3], before[3]);
        EXPECT_EQ(after[4], before[4]);
        EXPECT_EQ(optimizer_->block_steps(), (std::vector<std::int64_t>{2, 1}));
        for (const auto& [name, buffer] : optimizer_->moments()) EXPECT_GT(moment(name)[4], 0) << name;
        nn::upload(*device_, *context_, start, weights_->values());
    }
}

TEST_P(OuterOptimizer, sgd_has_heavy_ball_momentum) {
    make({.kind = OptimizerKind::sgd, .rate = 0.5, .momentum = 0.5});
    step({2, 2, 2, 4, 4}, {2, 1});
    EXPECT_FLOAT_EQ(weights()[0], 0.5f - 0.5f * 1.0f);
    EXPECT_FLOAT_EQ(weights()[3], 0.25f - 0.5f * 4.0f);
    step({2, 2, 2, 4, 4}, {1, 1});
    EXPECT_FLOAT_EQ(weights()[0], 0.0f - 0.5f * (0.5f * 1.0f + 2.0f));
    EXPECT_FLOAT_EQ(moment("velocity")[3], 6.0f);
}

TEST_P(OuterOptimizer, clips_the_global_norm_of_the_mean) {
    make({.kind = OptimizerKind::sgd, .rate = 1, .momentum = 0, .clip = 1});
    // Means (0, 3, 0) and (4, 0): norm 5.
    step({0, 6, 0, 16, 0}, {2, 4});
    EXPECT_FLOAT_EQ(weights()[1], -1.0f - 0.6f);
    EXPECT_FLOAT_EQ(weights()[3], 0.25f - 0.8f);
    nn::upload(*device_, *context_, start, weights_->values());
    step({0, 0.6f, 0, 0, 0}, {1, 1});
    EXPECT_FLOAT_EQ(weights()[1], -1.6f) << "short gradients stay as they are";
}

/// As in algorithm 2 of Loshchilov & Hutter 2019: beside the step, of the weights before it.
TEST_P(OuterOptimizer, decays_the_weights_of_layers) {
    for (const auto kind : {OptimizerKind::adam, OptimizerKind::sgd}) {
        OuterOptions options{.kind = kind, .rate = 0.1, .schedule = meta::Schedule::cosine, .iterations = 10};
        const auto after = [&](double decay, const std::vector<std::int64_t>& uses, int iteration) {
            options.weight_decay = decay;
            nn::upload(*device_, *context_, start, weights_->values());
            make(options);
            step({1, 2, 3, 4, 5}, uses, iteration);
            return weights();
        };
        for (const int iteration : {0, 5}) {
            const auto plain = after(0, {1, 1}, iteration);
            const auto decayed = after(0.5, {1, 1}, iteration);
            const double rate = meta::rate_at(options, iteration);
            for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(decayed[i], plain[i] - rate * 0.5 * start[i], 1e-6);
            for (std::size_t i = 3; i < 5; ++i) EXPECT_EQ(decayed[i], plain[i]) << "a shift";
        }
        const auto unused = after(0.5, {0, 1}, 0);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(unused[i], start[i]);
    }
}

TEST_P(OuterOptimizer, averages_what_a_block_was_after_its_steps) {
    constexpr double decay = 0.75;
    make({.kind = OptimizerKind::sgd, .rate = 0.5, .average = decay});
    EXPECT_EQ(moment("average"), start);
    std::vector<double> sums(5), shares(5);
    for (int t = 0; t < 5; ++t) {
        const bool uses_b = t % 2 == 1;
        step({1, -2, 3, 4, -5}, {1, uses_b ? 1 : 0});
        for (std::size_t i = 0; i < (uses_b ? 5u : 3u); ++i) {
            sums[i] = decay * sums[i] + weights()[i];
            shares[i] = decay * shares[i] + 1;
        }
        for (std::size_t i = 0; i < 5; ++i) {
            const double expected = shares[i] > 0 ? sums[i] / shares[i] : start[i];
            EXPECT_NEAR(moment("average")[i], expected, 1e-5) << t << " " << i;
        }
    }
    EXPECT_NE(moment("average"), weights());
    make({});
    EXPECT_EQ(optimizer_->moments().count("average"), 0u) << "not asked for";
}

TEST_P(OuterOptimizer, follows_the_schedule) {
    make({.kind = OptimizerKind::sgd, .rate = 1, .momentum = 0, .schedule = meta::Schedule::cosine, .iterations = 10});
    step({1, 1, 1, 1, 1}, {1, 1}, 5);
    EXPECT_NEAR(weights()[0], 0.5 - 0.5, 1e-6);
    step({1, 1, 1, 1, 1}, {1, 1}, 10);
    EXPECT_NEAR(weights()[0], 0.0, 1e-6);
}

INSTANTIATE_TEST_SUITE_P(Backends, OuterOptimizer,
                         testing::Values(backend::BackendKind::reference, backend::BackendKind::onednn),
                         [](const auto& test) { return std::string(backend::name_of(test.param)); });

TEST(RateAt, constant_and_cosine) {
    OuterOptions options{.rate = 0.8, .final_rate = 0.2, .iterations = 100};
    EXPECT_EQ(meta::rate_at(options, 99), 0.8);
    options.schedule = meta::Schedule::cosine;
    EXPECT_DOUBLE_EQ(meta::rate_at(options, 0), 0.8);
    EXPECT_DOUBLE_EQ(meta::rate_at(options, 50), 0.5);
    EXPECT_NEAR(meta::rate_at(options, 25), 0.5 + 0.3 * std::sqrt(0.5), 1e-12);
    EXPECT_DOUBLE_EQ(meta::rate_at(options, 100), 0.2);
    EXPECT_DOUBLE_EQ(meta::rate_at(options, 1000), 0.2);
}

TEST(RateAt, rises_in_the_warm_up) {
    OuterOptions options{.rate = 0.8, .iterations = 100};
    OuterOptions warm = options;
    warm.warmup = 4;
    for (const auto schedule : {meta::Schedule::constant, meta::Schedule::cosine}) {
        options.schedule = warm.schedule = schedule;
        EXPECT_DOUBLE_EQ(meta::rate_at(warm, 0), 0.8 / 4);
        for (const int iteration : {1, 2, 3})
            EXPECT_DOUBLE_EQ(meta::rate_at(warm, iteration), meta::rate_at(options, iteration) * (iteration + 1) / 4);
        for (const int iteration : {4, 50})
            EXPECT_EQ(meta::rate_at(warm, iteration), meta::rate_at(options, iteration));
    }
}

}  // namespace
