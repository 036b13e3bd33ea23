// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/adaptation.hpp"

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

TEST_F(Adaptation, lowers_the_support_loss) {
    meta::Adaptation({1, 0.1f}).run(plan_, task_);
    const double first = plan_.support_result().loss;
    meta::Adaptation({12, 0.1f}).run(plan_, task_);
    EXPECT_LT(plan_.support_result().loss, 0.5 * first);
}

}  // namespace
