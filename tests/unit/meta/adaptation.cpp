// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/adaptation.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "support/network_task.hpp"

namespace {

using namespace atnas;

class Adaptation : public testing::Test {
  protected:
    static space::NetworkOptions network() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 4;
        options.image = {1, 16, 16};
        options.way = 3;
        options.head = space::Head::linear;
        return options;
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    supernet::Supernet supernet_{*device_, network(), 1};
    meta::TaskPlans plans_{supernet_};
    meta::TaskPlan& plan_ = plans_.plan({}, {3, 6, 9});
    const data::Task task_ = test::task_of(plan_.shape(), 256, 1, 2);
};

TEST_F(Adaptation, is_the_steps_of_the_plan_and_then_the_query) {
    const nn::PassResult result = meta::Adaptation({2, 0.25f}).run(plan_, task_);
    plan_.write_task(task_);
    plan_.start();
    plan_.step(0.25f);
    plan_.step(0.25f);
    plan_.query_forward();
    EXPECT_EQ(plan_.query_result().loss, result.loss);
    EXPECT_EQ(plan_.query_result().accuracy, result.accuracy);
    EXPECT_NE(meta::Adaptation({2, 0.125f}).run(plan_, task_).loss, result.loss);
    EXPECT_NE(meta::Adaptation({1, 0.25f}).run(plan_, task_).loss, result.loss);
}

TEST_F(Adaptation, lowers_the_support_loss_with_every_optimizer) {
    for (const auto& [optimizer, rate] : {std::pair(nn::InnerOptimizerKind::sgd, 0.1f),
                                          {nn::InnerOptimizerKind::momentum, 0.03f},
                                          {nn::InnerOptimizerKind::adam, 0.01f}}) {
        meta::TaskPlans plans(supernet_, {optimizer});
        meta::TaskPlan& plan = plans.plan({}, plan_.shape());
        meta::Adaptation({1, rate}).run(plan, task_);
        const double first = plan.support_result().loss;
        meta::Adaptation({12, rate}).run(plan, task_);
        const double last = plan.support_result().loss;
        EXPECT_LT(last, 0.5 * first);
        // Another task between leaves nothing.
        meta::Adaptation({12, rate}).run(plan, test::task_of(plan.shape(), 256, 3, 4));
        meta::Adaptation({12, rate}).run(plan, task_);
        EXPECT_EQ(plan.support_result().loss, last);
    }
}

}  // namespace
