// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_plans.hpp"

#include <gtest/gtest.h>

#include "atnas/core/random.hpp"
#include "atnas/space/search_space.hpp"
#include "support/network_task.hpp"

namespace {

using namespace atnas;

class TaskPlans : public testing::Test {
  protected:
    TaskPlans() {
        options_.channels = 2;
        options_.cell.cells = 1;
        options_.cell.reductions = {};
        options_.image = {1, 5, 5};
        options_.way = 2;
        options_.head = space::Head::linear;
        RandomStream random({.seed = 1, .purpose = Purpose::path});
        const auto space = space::make_search_space(options_);
        a_ = space->sample(random);
        b_ = space->sample(random);
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    space::NetworkOptions options_;
    space::Genotype a_, b_;
    const meta::TaskShape shape_{2, 2, 2};
};

TEST_F(TaskPlans, remembers_them) {
    ASSERT_NE(a_, b_);
    supernet::Supernet supernet(*device_, options_, 1, 2);
    meta::TaskPlans plans(supernet);
    const meta::TaskShape given{2, 2, 2, meta::Statistics::support};
    meta::TaskPlan* plan = &plans.plan(a_, shape_);
    const std::size_t memory = supernet.working_memory();
    EXPECT_GT(memory, 0u);
    EXPECT_NE(&plans.plan(b_, shape_), plan);
    EXPECT_NE(&plans.plan(a_, given), plan);
    EXPECT_EQ(plans.plan(a_, given).shape(), given);
    EXPECT_EQ(&plans.plan(a_, shape_), plan);
    EXPECT_EQ(supernet.working_memory(), memory) << "plans lie over each other";
    EXPECT_NE(&plans.plan(a_, shape_, 1), plan) << "another lane";
    EXPECT_GT(supernet.working_memory(), memory);
}

TEST_F(TaskPlans, the_linear_head_trains_with_the_subnet) {
    supernet::Supernet supernet(*device_, options_, 1);
    meta::TaskPlans plans(supernet);
    meta::TaskPlan& plan = plans.plan(a_, shape_);
    ASSERT_EQ(plan.blocks().size(), plan.graph().blocks().size() + 2);
    const auto name = [&](std::size_t from_end) {
        return supernet.manifest().block(plan.blocks()[plan.blocks().size() - from_end]).name;
    };
    EXPECT_EQ(name(2), "head/weight");
    EXPECT_EQ(name(1), "head/bias");
}

TEST_F(TaskPlans, warmed_up_plans_compute_the_same) {
    for (const auto head : space::all_heads) {
        options_.head = head;
        supernet::Supernet cold(*device_, options_, 1);
        supernet::Supernet warm(*device_, options_, 1);
        meta::TaskPlans cold_plans(cold);
        meta::TaskPlans warm_plans(warm);
        const meta::TaskShape odd{2, 3, 5, meta::Statistics::support};
        warm_plans.warm_up(std::vector{shape_, odd});
        const std::size_t memory = warm.working_memory();
        EXPECT_EQ(test::run_task(warm_plans, a_, shape_, 1, 0.1f).fomaml,
                  test::run_task(cold_plans, a_, shape_, 1, 0.1f).fomaml);
        EXPECT_EQ(warm.working_memory(), memory) << "taken before";
    }
}

}  // namespace
