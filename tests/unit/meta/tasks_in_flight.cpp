// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/tasks_in_flight.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

class TasksInFlight : public testing::Test {
  protected:
    static space::NetworkOptions network() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 2;
        options.image = {1, 16, 16};
        return options;
    }
    /// Starts tasks 0 ... \p tasks - 1; each notes when it is done.
    void start(meta::TasksInFlight& in_flight, int tasks) {
        for (int task = 0; task < tasks; ++task) {
            lanes_.push_back(in_flight.next());
            meta::TaskPlan& plan = in_flight.plans().plan({}, {5, 5, 5}, lanes_.back());
            in_flight.started(plan, [this, task, &plan](meta::TaskPlan& told) {
                EXPECT_EQ(&told, &plan);
                done_.push_back(task);
            });
        }
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    std::vector<int> lanes_, done_;
};

TEST_F(TasksInFlight, takes_the_lanes_in_turn_and_finishes_in_the_order_of_the_tasks) {
    supernet::Supernet supernet(*device_, network(), 1, 3);
    meta::TaskPlans plans(supernet);
    meta::TasksInFlight in_flight(plans);
    start(in_flight, 5);
    EXPECT_EQ(lanes_, (std::vector{0, 1, 2, 0, 1}));
    EXPECT_EQ(done_, (std::vector{0, 1})) << "those whose lanes were wanted again";
    in_flight.finish();
    EXPECT_EQ(done_, (std::vector{0, 1, 2, 3, 4}));
    in_flight.finish();
    EXPECT_EQ(done_.size(), 5u) << "nothing is done twice";
}

TEST_F(TasksInFlight, one_lane_is_one_task_at_a_time) {
    supernet::Supernet supernet(*device_, network(), 1);
    meta::TaskPlans plans(supernet);
    meta::TasksInFlight in_flight(plans);
    start(in_flight, 2);
    EXPECT_EQ(lanes_, (std::vector{0, 0}));
    EXPECT_EQ(done_, (std::vector{0}));
    in_flight.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

TEST_F(TasksInFlight, fewer_tasks_than_lanes_are_all_done) {
    supernet::Supernet supernet(*device_, network(), 1, 4);
    meta::TaskPlans plans(supernet);
    meta::TasksInFlight in_flight(plans);
    in_flight.finish();
    start(in_flight, 2);
    EXPECT_TRUE(done_.empty());
    in_flight.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

}  // namespace
