// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_evaluator.hpp"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "support/network_task.hpp"

namespace {

using namespace atnas;

/// A small network, and a task for it.
struct Judging {
    std::unique_ptr<backend::Backend> device{
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64)};
    supernet::Supernet supernet{*device, options(), 1};
    meta::TaskPlans plans{supernet};
    data::Task task{test::task_of({2, 4, 6}, 256, 1, 2)};

    Judging() { test::fill_weights(supernet); }

    static space::NetworkOptions options() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 4;
        options.image = {1, 16, 16};
        return options;
    }
};

TEST(TaskEvaluator, judges_by_the_statistics_asked_for) {
    Judging judging;
    meta::TaskPlans& plans = judging.plans;
    const data::Task& task = judging.task;
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

TEST(TaskEvaluator, other_queries_are_answered_as_if_they_were_the_tasks) {
    Judging judging;
    meta::TaskPlans& plans = judging.plans;
    const data::Task& task = judging.task;
    data::Task other = task;
    other.query = test::task_of({2, 4, 6}, 256, 3, 4).query;
    const std::span<const data::Task> itself(&task, 1);
    for (const meta::Statistics statistics :
         {meta::Statistics::query, meta::Statistics::support, meta::Statistics::joint, meta::Statistics::running}) {
        meta::TaskEvaluator evaluator(plans, {{1, 0.1f}, statistics, itself});
        const std::vector<float> expected = evaluator.queue({}, other, 0).query_logits();
        meta::TaskPlan& plan = evaluator.queue({}, task, 0);
        const std::vector<float> first = plan.query_logits();
        evaluator.queue_queries(plan, task, other.query);
        EXPECT_EQ(plan.query_logits(), expected) << meta::name_of(statistics);
        EXPECT_NE(first, expected) << meta::name_of(statistics);
        evaluator.queue_queries(plan, task, task.query);
        EXPECT_EQ(plan.query_logits(), first) << meta::name_of(statistics);
    }
}

}  // namespace
