// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/tasks_in_flight.hpp"

#include <utility>

#include <gtest/gtest.h>

#include "support/recording_backend.hpp"

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
            in_flight.started([this, task] { done_.push_back(task); });
        }
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    std::vector<int> lanes_, done_;
};

TEST_F(TasksInFlight, takes_the_lanes_in_turn_and_finishes_in_the_order_of_the_tasks) {
    supernet::Supernet supernet(*device_, network(), 1, 3);
    meta::TasksInFlight in_flight(supernet);
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
    meta::TasksInFlight in_flight(supernet);
    start(in_flight, 2);
    EXPECT_EQ(lanes_, (std::vector{0, 0}));
    EXPECT_EQ(done_, (std::vector{0}));
    in_flight.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

TEST_F(TasksInFlight, fewer_tasks_than_lanes_are_all_done) {
    supernet::Supernet supernet(*device_, network(), 1, 4);
    meta::TasksInFlight in_flight(supernet);
    in_flight.finish();
    start(in_flight, 2);
    EXPECT_TRUE(done_.empty());
    in_flight.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

/// What of a supernet's lanes is to wait for what.
class LaneOrder : public TasksInFlight {
  protected:
    using Waits = std::vector<std::pair<int, int>>;  ///< (later lane, earlier lane)

    explicit LaneOrder(int lanes = 3) : supernet_(recorder_, network(), 1, lanes) { recorder_.take_waits(); }
    Waits waits() {
        const auto lane_of = [&](const backend::Context* context) {
            for (int lane = 0; lane < supernet_.lanes(); ++lane)
                if (&supernet_.context(lane) == context) return lane;
            return -1;
        };
        Waits lanes;
        for (const auto& [later, earlier] : recorder_.take_waits())
            lanes.emplace_back(lane_of(later), lane_of(earlier));
        return lanes;
    }

    test::RecordingBackend recorder_;
    supernet::Supernet supernet_;
};

class OneLane : public LaneOrder {
  protected:
    OneLane() : LaneOrder(1) {}
};

TEST_F(LaneOrder, all_begin_after_the_weights_on_the_first) {
    const meta::TasksInFlight in_flight(supernet_);
    EXPECT_EQ(waits(), (Waits{{1, 0}, {2, 0}}));
}

TEST_F(LaneOrder, what_adds_to_one_sum_comes_after_the_lane_before_it) {
    meta::TasksInFlight in_flight(supernet_);
    waits();
    for (int task = 0; task < 4; ++task) in_flight.wait_for_previous(in_flight.next());
    EXPECT_EQ(waits(), (Waits{{0, 2}, {1, 0}, {2, 1}, {0, 2}}));
}

TEST_F(LaneOrder, the_last_task_comes_after_all_other_lanes) {
    meta::TasksInFlight in_flight(supernet_);
    waits();
    in_flight.wait_for_others(1);
    EXPECT_EQ(waits(), (Waits{{1, 0}, {1, 2}}));
}

TEST_F(OneLane, waits_for_nothing) {
    meta::TasksInFlight in_flight(supernet_);
    in_flight.wait_for_previous(in_flight.next());
    in_flight.wait_for_others(0);
    EXPECT_EQ(waits(), Waits{});
}

}  // namespace
