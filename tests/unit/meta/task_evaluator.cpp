// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_evaluator.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/network_task.hpp"

namespace {

using namespace atnas;

TEST(TaskEvaluator, judges_by_the_statistics_asked_for) {
    const auto device = backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    space::NetworkOptions options;
    options.kind = "conv4";
    options.channels = 4;
    options.image = {1, 16, 16};
    supernet::Supernet supernet(*device, options, 1);
    test::fill_weights(supernet);
    meta::TaskPlans plans(supernet);
    const data::Task task = test::task_of({2, 4, 6}, 256, 1, 2);
    const auto loss = [&](int steps, meta::Statistics statistics, std::span<const data::Task> training = {}) {
        meta::TaskEvaluator evaluator(plans, {{steps, 0.1f}, statistics, training});
        return evaluator.queue({}, task, 0).query_result().loss;
    };
    // Averages over the task itself are the moments of its one batch, until a step changes the weights.
    const std::span<const data::Task> itself(&task, 1);
    EXPECT_NEAR(loss(0, meta::Statistics::running, itself), loss(0, meta::Statistics::joint), 1e-12);
    const data::Task other = test::task_of({2, 4, 6}, 256, 3, 4);
    EXPECT_NEAR(loss(0, meta::Statistics::running, std::vector{task, other}),
                loss(0, meta::Statistics::running, std::vector{other, task}), 1e-12)
        << "not those that were measured last";
    const std::vector<double> losses{loss(1, meta::Statistics::query), loss(1, meta::Statistics::support),
                                     loss(1, meta::Statistics::joint), loss(1, meta::Statistics::running, itself)};
    for (std::size_t i = 0; i < losses.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) EXPECT_NE(losses[i], losses[j]) << i << " " << j;
}

}  // namespace
