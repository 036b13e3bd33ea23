// SPDX-License-Identifier: Apache-2.0
// Whole subnets, meta-gradients, outer steps and tasks in flight on whatever device there is: a real one, or the
// simulated one of tests/cuda_sim.

#include <algorithm>
#include <cmath>
#include <iterator>

#include "atnas/backend/factories.hpp"
#include "atnas/core/error.hpp"
#include "atnas/meta/outer_optimizer.hpp"
#include "cuda/direct_backend.hpp"
#include "support/second_order.hpp"
#include "support/subnet_cases.hpp"

namespace {

using namespace atnas;
using backend::BackendKind;

class CudaSubnets : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string obstacle = backend::cuda_obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
        device_ = backend::make_backend(BackendKind::cuda);
    }

    std::unique_ptr<backend::Backend> device_;
};

TEST_F(CudaSubnets, compute_what_the_reference_computes) {
    test::expect_subnets_of_the_reference(*device_, 1);
}

TEST_F(CudaSubnets, compute_the_same_with_convolutions_of_our_own) {
    const auto direct = test::make_direct_backend();
    test::expect_subnets_of_the_reference(*direct, 1, 9);
}

TEST_F(CudaSubnets, take_turns_on_the_same_memory) {
    test::expect_plans_to_take_turns(*device_, 4);
}

TEST_F(CudaSubnets, repeat_a_task_with_the_same_bits) {
    test::expect_tasks_to_repeat(*device_);
}

TEST_F(CudaSubnets, compute_the_second_order_of_double_precision) {
    test::expect_second_order_of_double_precision(*device_, 4);
}

TEST_F(CudaSubnets, learn_rates_as_the_reference_does) {
    const auto reference = backend::make_backend(BackendKind::reference, backend::Precision::f64);
    space::NetworkOptions network;
    network.kind = "conv4";
    network.channels = 4;
    network.image = {1, 16, 16};
    network.way = 3;
    for (const auto head : {space::Head::linear, space::Head::proto}) {
        network.head = head;
        const auto run = [&](backend::Backend& device) {
            supernet::Supernet supernet(device, network, 1, 1, {.steps = 2});
            test::fill_weights(supernet);
            meta::TaskPlans plans(supernet, {.kept_steps = 2});
            return test::run_task(plans, {}, {3, 6, 6}, 2, 1.0f);
        };
        const auto actual = run(*device_);
        const auto expected = run(*reference);
        test::expect_alike(actual, expected, 1e-4);
        // Rates are the last of the weights: two of each of the sixteen blocks before the head, and the head's.
        const auto rates = [](const test::TaskNumbers& numbers) { return std::span(numbers.fomaml).last(2 * 16); };
        EXPECT_GT(test::norm_of(rates(expected)), 0);
        EXPECT_LE(test::relative_difference(rates(actual), rates(expected)), 1e-3);
    }
}

/// A few steps of each optimizer on blocks of many sizes, one of them unused.
TEST_F(CudaSubnets, outer_steps_are_those_of_the_reference) {
    const auto run = [](backend::Backend& device, meta::OptimizerKind kind) {
        nn::Manifest manifest;
        for (const int size : {1, 3, 255, 256, 257, 70000})
            manifest.require("block" + std::to_string(size), {1, size, 1, 1}, nn::Initial::he_normal);
        const auto context = device.make_context();
        nn::ParamStore weights(device, *context, manifest, 1);
        const auto optimizer = meta::make_outer_optimizer(
            device, *context, weights, {.kind = kind, .clip = 1.0, .weight_decay = 0.1, .average = 0.5});
        const auto gradient = weights.make_sum(1);
        const auto values = device.allocate(weights.size());
        for (int step = 0; step < 3; ++step) {
            nn::upload(device, *context, test::numbers(weights.size(), static_cast<std::uint64_t>(step)), *values);
            device.clear(*context, *gradient);
            device.accumulate(*context, *values, 0, *gradient, {0, values->size()});
            const std::vector<std::int64_t> uses{1, 2, 3, 0, 5, 2};
            optimizer->step(*gradient, uses, 1e-3 * (step + 1));
        }
        auto values_and_average = test::read_all(device, *context, weights.values());
        std::ranges::copy(test::read_all(device, *context, *weights.average()), std::back_inserter(values_and_average));
        return values_and_average;
    };
    const auto reference = backend::make_backend(BackendKind::reference);
    for (const auto kind : {meta::OptimizerKind::adam, meta::OptimizerKind::sgd})
        EXPECT_LE(test::relative_difference(run(*device_, kind), run(*reference, kind)), 1e-6);
}

TEST_F(CudaSubnets, sums_of_squares_see_what_is_not_finite) {
    const auto context = device_->make_context();
    const auto buffer = device_->allocate(100000);
    const backend::Range ranges[]{{0, 70000}, {70001, 20000}};
    device_->fill(*context, *buffer, {0, 100000}, 0.5);
    EXPECT_DOUBLE_EQ(device_->squared_norm(*context, *buffer, ranges), 0.25 * 90000);
    device_->fill(*context, *buffer, {70000, 1}, std::nan(""));
    EXPECT_DOUBLE_EQ(device_->squared_norm(*context, *buffer, ranges), 0.25 * 90000) << "outside of both ranges";
    device_->fill(*context, *buffer, {90000, 1}, std::nan(""));
    EXPECT_FALSE(std::isfinite(device_->squared_norm(*context, *buffer, ranges)));
}

/// The device has work of several tasks queued when the first result is read.
TEST_F(CudaSubnets, tasks_in_flight_give_the_bits_of_one_after_another) {
    space::NetworkOptions network;
    network.channels = 4;
    network.cell.cells = 1;
    network.cell.reductions = {0};
    network.image = {1, 8, 8};
    network.way = 3;
    const auto space = space::make_search_space(network);
    const meta::TaskShape shape{3, 3, 6};
    const auto run = [&](int lanes) {
        supernet::Supernet supernet(*device_, network, 1, lanes);
        test::fill_weights(supernet);
        meta::TaskPlans compiled(supernet);
        for (int lane = 1; lane < lanes; ++lane) device_->wait(supernet.context(lane), supernet.context());
        const auto sum = supernet.weights().make_sum(3 * meta::TaskPlan::most_addends);
        std::vector<meta::TaskPlan*> plans;
        for (int t = 0; t < lanes; ++t)
            plans.push_back(&compiled.plan(test::sample(*space, static_cast<std::uint32_t>(t)), shape, t));
        for (int t = lanes; t < 3; ++t) plans.push_back(nullptr);
        std::vector<double> losses;
        for (int t = 0; t < 3; ++t) {
            const int lane = t % lanes;
            meta::TaskPlan& plan =
                plans[static_cast<std::size_t>(t)] != nullptr
                    ? *plans[static_cast<std::size_t>(t)]
                    : compiled.plan(test::sample(*space, static_cast<std::uint32_t>(t)), shape, lane);
            plan.write_task(
                test::task_of(shape, 64, 11u + static_cast<std::uint64_t>(t), 21u + static_cast<std::uint64_t>(t)));
            plan.start();
            plan.step(0.1f);
            plan.query_forward();
            plan.query_backward();
            if (t > 0) device_->wait(supernet.context(lane), supernet.context((t - 1) % lanes));
            plan.add_query_gradient(*sum);
            if (lanes == 1) losses.push_back(plan.query_result().loss);
        }
        if (lanes > 1)
            for (meta::TaskPlan* plan : plans) losses.push_back(plan->query_result().loss);
        return std::pair(losses, test::read_all(*device_, supernet.context(), *sum));
    };
    EXPECT_EQ(run(3), run(1));
}

}  // namespace
