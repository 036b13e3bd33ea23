// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/meta_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace {

using namespace atnas;

class MetaGradient : public testing::TestWithParam<backend::Precision> {
  protected:
    MetaGradient() : device_(backend::make_backend(backend::BackendKind::reference, GetParam())) {
        nn::Manifest manifest;
        a_ = manifest.require("a", {1, 3, 1, 1}, nn::Initial::one);
        manifest.require("b", {1, 1, 1, 1}, nn::Initial::one);
        c_ = manifest.require("c", {1, 1, 1, 1}, nn::Initial::one);
        weights_ = std::make_unique<nn::ParamStore>(*device_, *context_, manifest, 1);
    }

    meta::MetaGradient make(int tasks) { return {*device_, *context_, *weights_, tasks}; }
    void add(const std::vector<float>& values, meta::MetaGradient& gradient) {
        const auto buffer = weights_->make_like();
        nn::upload(*device_, *context_, values, *buffer);
        device_->accumulate(*context_, *buffer, 0, gradient.sum(), {0, values.size()});
    }
    std::vector<std::int64_t> words(const meta::MetaGradient& gradient) {
        std::vector<std::int64_t> result(gradient.sum().words());
        device_->read_words(*context_, gradient.sum(), 0, result);
        return result;
    }

    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<backend::Context> context_{device_->make_context()};
    std::unique_ptr<nn::ParamStore> weights_;
    nn::BlockId a_{}, c_{};
};

TEST_P(MetaGradient, says_what_was_counted) {
    meta::MetaGradient gradient = make(2);
    ASSERT_EQ(gradient.sum().size(), 5u + 3u + 3u);
    add({1, 1, 1, 1, 1}, gradient);
    gradient.clear();
    add({2.5f, 2.5f, 2.5f, 2.5f, -2.5f}, gradient);
    gradient.count_task(std::vector<nn::BlockId>{a_, c_}, {1.5, 0.25});
    gradient.count_task(std::vector<nn::BlockId>{c_}, {0.5, 0.75});
    gradient.seal();
    const auto summary = gradient.summary();
    EXPECT_EQ(summary.uses, (std::vector<std::int64_t>{1, 0, 2}));
    EXPECT_EQ(summary.tasks, 2);
    EXPECT_EQ(summary.loss, 1.0);
    EXPECT_TRUE(summary.finite);
    const std::int64_t value = std::int64_t{5} << 43;
    EXPECT_EQ(words(gradient),
              (std::vector<std::int64_t>{value, value, value, value, -value, 1, 0, 2, 2, std::int64_t{2} << 32, 0, 0}));

    gradient.clear();
    gradient.seal();
    const auto nothing = gradient.summary();
    EXPECT_EQ(nothing.uses, (std::vector<std::int64_t>{0, 0, 0}));
    EXPECT_EQ(nothing.tasks, 0);
    EXPECT_EQ(nothing.loss, 0) << "the mean of no task";
    EXPECT_TRUE(nothing.finite);
}

TEST_P(MetaGradient, knows_what_did_not_fit) {
    meta::MetaGradient gradient = make(4);
    EXPECT_EQ(gradient.sum().limit(), meta::MetaGradient::contribution_limit(4));
    for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity(), 0x1p18f / 8.0f}) {
        gradient.clear();
        gradient.count_task(std::vector<nn::BlockId>{a_}, {1.5, 0.25});
        add({1, 1, bad, 1, 1}, gradient);
        gradient.seal();
        EXPECT_FALSE(gradient.summary().finite) << bad;
        EXPECT_EQ(gradient.summary().loss, 1.5);
    }
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 0x1p30 / 4}) {
        gradient.clear();
        gradient.count_task(std::vector<nn::BlockId>{a_}, {bad, 0.25});
        gradient.count_task(std::vector<nn::BlockId>{a_}, {1.5, 0.25});
        gradient.seal();
        EXPECT_FALSE(gradient.summary().finite) << bad;
        EXPECT_TRUE(std::isnan(gradient.summary().loss));
    }
    gradient.clear();
    gradient.seal();
    EXPECT_TRUE(gradient.summary().finite);
}

/// Tasks in any order, on any number of ranks: the sums of ranks are added word by word.
TEST_P(MetaGradient, has_the_same_bits_however_tasks_are_shared) {
    std::mt19937 random(3);
    struct Task {
        std::vector<float> gradient;
        double loss;
        bool uses_c;
    };
    std::vector<Task> tasks(9);
    for (Task& task : tasks) {
        for (int i = 0; i < 5; ++i)
            task.gradient.push_back(std::ldexp(static_cast<float>(random()) / 0x1p31f - 1.0f, int(random() % 30) - 25));
        task.loss = static_cast<double>(random()) / 0x1p31;
        task.uses_c = random() % 2 == 0;
    }
    std::vector<std::int64_t> expected;
    for (int order = 0; order < 6; ++order) {
        const std::size_t ranks = 1 + static_cast<std::size_t>(order) % 4;
        std::vector<std::int64_t> total;
        for (std::size_t rank = 0; rank < ranks; ++rank) {
            meta::MetaGradient gradient = make(static_cast<int>(tasks.size()));
            for (std::size_t t = rank; t < tasks.size(); t += ranks) {
                add(tasks[t].gradient, gradient);
                gradient.count_task(tasks[t].uses_c ? std::vector{a_, c_} : std::vector{a_}, {tasks[t].loss, 0});
            }
            gradient.seal();
            const auto mine = words(gradient);
            total.resize(mine.size());
            std::ranges::transform(total, mine, total.begin(), std::plus{});
        }
        if (order == 0) expected = total;
        EXPECT_EQ(total, expected) << "on " << ranks << " ranks";
        std::shuffle(tasks.begin(), tasks.end(), random);
    }
}

INSTANTIATE_TEST_SUITE_P(Precisions, MetaGradient, testing::Values(backend::Precision::f32, backend::Precision::f64),
                         [](const auto& test) { return test.param == backend::Precision::f64 ? "f64" : "f32"; });

}  // namespace
