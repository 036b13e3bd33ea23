// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/batch_plan.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/data/smooth_targets.hpp"
#include "atnas/meta/batch_plans.hpp"
#include "atnas/space/search_space.hpp"
#include "support/gradient_check.hpp"
#include "support/network_task.hpp"

namespace {

using namespace atnas;

class BatchPlan : public testing::Test {
  protected:
    static constexpr int images = 5;
    static constexpr int classes = 7;

    BatchPlan() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 2;
        options.image = {1, 16, 16};
        options.pretrain_classes = classes;
        supernet_ = std::make_unique<supernet::Supernet>(*device_, options, 1);
        test::fill_weights(*supernet_);
        plans_ = std::make_unique<meta::BatchPlans>(*supernet_, images);
        plan().write({test::numbers(images * 256, 5), {0, 6, 3, 3, 1}});
    }
    meta::BatchPlan& plan() { return plans_->plan({}, 0); }
    double loss(const std::vector<double>& values) {
        const backend::Tensor flat{
            {1, 1, 1, static_cast<int>(values.size())}, backend::Layout::plain, supernet_->weights().values().data()};
        device_->write(supernet_->context(), flat, std::span<const double>(values));
        plan().run();
        return plan().result().loss;
    }
    std::vector<double> gradient() {
        const auto sum = supernet_->weights().make_sum(1);
        plan().add_gradient(*sum);
        return test::read_all(*device_, supernet_->context(), *sum);
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<supernet::Supernet> supernet_;
    std::unique_ptr<meta::BatchPlans> plans_;
};

TEST_F(BatchPlan, gradient_is_that_of_the_mean_loss) {
    const auto start = test::read_all(*device_, supernet_->context(), supernet_->weights().values());
    loss(start);
    test::expect_gradient("conv4", start, gradient(), [&](const std::vector<double>& values) { return loss(values); });
}

/// Of the same network, with a loss of soft targets.
class SoftBatchPlan : public BatchPlan {
  protected:
    SoftBatchPlan() {
        nn::Graph graph = supernet_->graph({});
        nn::HeadParameters parameters = supernet_->pretraining_parameters(graph.features());
        soft_ = std::make_unique<meta::BatchPlan>(
            meta::place_on(*supernet_, 0),
            meta::PlanNetwork{std::move(graph), nn::pretraining_head(), std::move(parameters)},
            meta::BatchShape{images, classes, nn::Targets::soft});
        soft_->write({test::numbers(images * 256, 5), {0, 6, 3, 3, 1}});
    }
    double soft_loss(const std::vector<double>& values, const std::vector<float>& targets) {
        const backend::Tensor flat{
            {1, 1, 1, static_cast<int>(values.size())}, backend::Layout::plain, supernet_->weights().values().data()};
        device_->write(supernet_->context(), flat, std::span<const double>(values));
        soft_->write_targets(targets);
        soft_->run();
        return soft_->result().loss;
    }
    std::vector<double> soft_gradient() {
        const auto sum = supernet_->weights().make_sum(1);
        soft_->add_gradient(*sum);
        return test::read_all(*device_, supernet_->context(), *sum);
    }

    std::unique_ptr<meta::BatchPlan> soft_;
};

TEST_F(SoftBatchPlan, gradient_is_that_of_the_mean_loss) {
    std::vector<float> targets;
    data::smooth_targets(std::vector{0, 6, 3, 3, 1}, classes, 0.3, targets);
    std::swap(targets[0], targets[2]);
    const auto start = test::read_all(*device_, supernet_->context(), supernet_->weights().values());
    soft_loss(start, targets);
    test::expect_gradient("conv4", start, soft_gradient(),
                          [&](const std::vector<double>& values) { return soft_loss(values, targets); });
}

TEST_F(SoftBatchPlan, targets_that_are_labels_give_what_labels_give) {
    const auto start = test::read_all(*device_, supernet_->context(), supernet_->weights().values());
    std::vector<float> targets;
    data::smooth_targets(std::vector{0, 6, 3, 3, 1}, classes, 0, targets);
    const double soft = soft_loss(start, targets);
    const std::vector<double> slope = soft_gradient();
    EXPECT_NEAR(loss(start), soft, 1e-12);
    EXPECT_EQ(plan().result().accuracy, soft_->result().accuracy);
    const std::vector<double> expected = gradient();
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(slope[i], expected[i], 1e-12);
    data::smooth_targets(std::vector{0, 6, 3, 3, 1}, classes, 0.5, targets);
    EXPECT_NE(soft_loss(start, targets), soft);
}

/// Of a cell whose edges may be lost, and of the same without that.
class LosingBatchPlan : public testing::Test {
  protected:
    static constexpr int images = 3;

    std::unique_ptr<meta::BatchPlan> plan(space::Drops drops) {
        nn::Graph graph = supernet_.graph(genotype_, drops);
        nn::HeadParameters head = supernet_.pretraining_parameters(graph.features());
        auto plan = std::make_unique<meta::BatchPlan>(
            meta::place_on(supernet_, 0), meta::PlanNetwork{std::move(graph), nn::pretraining_head(), std::move(head)},
            meta::BatchShape{images, 3});
        plan->write(batch_);
        return plan;
    }
    double loss(meta::BatchPlan& plan, const std::vector<double>& values) {
        const backend::Tensor flat{
            {1, 1, 1, static_cast<int>(values.size())}, backend::Layout::plain, supernet_.weights().values().data()};
        device_->write(supernet_.context(), flat, std::span<const double>(values));
        plan.run();
        return plan.result().loss;
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    space::NetworkOptions options_{
        .channels = 2, .image = {1, 6, 6}, .pretrain_classes = 3, .cell = {.cells = 1, .reductions = {}}};
    std::string nodes_ = "conv_3x3:0+skip_connect:1|avg_pool_3x3:0+conv_3x3:2|conv_3x3:1+conv_3x3:3";
    space::Genotype genotype_ = space::make_search_space(options_)->from_text("normal=" + nodes_ + ";reduce=" + nodes_);
    supernet::Supernet supernet_ = supernet::Supernet::of_one(*device_, options_, genotype_, 1);
    data::LabelledImages batch_{test::numbers(images * 36, 5), {0, 2, 1}};
};

TEST_F(LosingBatchPlan, gradient_is_that_of_the_mean_loss) {
    test::fill_weights(supernet_);
    const auto start = test::read_all(*device_, supernet_.context(), supernet_.weights().values());
    const auto losing = plan(space::Drops::yes);
    ASSERT_EQ(losing->drops(), 5) << "all edges but the skip";
    std::vector<float> factors;
    for (int i = 0; i < 5 * images; ++i) factors.push_back(i % 4 == 1 ? 0.0F : 1.5F);
    losing->write_factors(factors);
    loss(*losing, start);
    const auto sum = supernet_.weights().make_sum(1);
    losing->add_gradient(*sum);
    test::expect_gradient("cell", start, test::read_all(*device_, supernet_.context(), *sum),
                          [&](const std::vector<double>& values) { return loss(*losing, values); });
}

TEST_F(LosingBatchPlan, nothing_is_lost_unless_it_is_said_anew_for_every_mini_batch) {
    test::fill_weights(supernet_);
    const auto start = test::read_all(*device_, supernet_.context(), supernet_.weights().values());
    const double whole = loss(*plan(space::Drops::no), start);
    const auto losing = plan(space::Drops::yes);
    EXPECT_EQ(loss(*losing, start), whole);
    std::vector<float> factors(5 * images, 1.0F);
    for (std::size_t edge = 0; edge < 5; ++edge) {
        std::vector<float> one = factors;
        one[edge * images + 1] = 0;
        losing->write_factors(one);
        EXPECT_NE(loss(*losing, start), whole) << edge;
    }
    losing->write(batch_);
    EXPECT_EQ(loss(*losing, start), whole);
}

TEST_F(BatchPlan, trains_the_head_of_pretraining_and_not_that_of_tasks) {
    std::vector<std::string> names;
    for (const nn::BlockId block : plan().blocks()) names.push_back(supernet_->manifest().block(block).name);
    EXPECT_EQ(std::ranges::count(names, "pretrain/weight"), 1);
    EXPECT_EQ(std::ranges::count(names, "head/weight"), 0);
    EXPECT_EQ(supernet_->manifest().block(plan().blocks().back()).shape, (backend::Shape{1, classes, 1, 1}));
}

TEST_F(BatchPlan, steps_down_the_gradient_lower_the_loss) {
    auto values = test::read_all(*device_, supernet_->context(), supernet_->weights().values());
    const double before = loss(values);
    for (int step = 0; step < 5; ++step) {
        const auto slope = gradient();
        for (std::size_t i = 0; i < values.size(); ++i) values[i] -= 0.05 * slope[i];
        loss(values);
    }
    EXPECT_LT(loss(values), 0.9 * before);
}

}  // namespace
