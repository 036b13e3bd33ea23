// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/running_moments.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "support/network_task.hpp"
#include "support/recording_backend.hpp"

namespace {

using namespace atnas;

class RunningMoments : public testing::Test {
  protected:
    RunningMoments() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 4;
        options.image = {1, 16, 16};
        supernet_ = std::make_unique<supernet::Supernet>(*device_, options, 1, 2);
        test::fill_weights(*supernet_);
        plans_ = std::make_unique<meta::TaskPlans>(*supernet_);
    }
    /// Loss of a task by the averages over these tasks.
    double loss_by(std::vector<data::Task> tasks, int lane = 0) {
        meta::RunningMoments moments(*plans_, tasks);
        const nn::NormMoments& mean = moments.of({}, 0);
        if (lane != 0) moments.of({}, lane);
        meta::TaskPlan& plan = plans_->plan({}, {2, 4, 6, meta::Statistics::running}, lane);
        plan.write_task(test::task_of(plan.shape(), 256, 1, 2));
        plan.normalise_by(mean);
        plan.start();
        plan.query_forward();
        return plan.query_result().loss;
    }
    data::Task task(std::uint64_t images) const { return test::task_of({2, 4, 6}, 256, images, images + 1); }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<supernet::Supernet> supernet_;
    std::unique_ptr<meta::TaskPlans> plans_;
};

TEST_F(RunningMoments, are_averages_over_the_tasks) {
    const double one = loss_by({task(10)});
    const double other = loss_by({task(20)});
    EXPECT_NE(one, other);
    EXPECT_NEAR(loss_by({task(10), task(10)}), one, 1e-12);
    const double both = loss_by({task(10), task(20)});
    EXPECT_NE(both, one);
    EXPECT_NEAR(loss_by({task(20), task(10)}), both, 1e-12);
}

TEST_F(RunningMoments, serve_all_lanes) {
    EXPECT_EQ(loss_by({task(10), task(20)}, 1), loss_by({task(10), task(20)}, 0));
}

TEST_F(RunningMoments, a_lane_waits_once_for_the_lane_that_measures) {
    test::RecordingBackend recorder;
    supernet::Supernet supernet(recorder, supernet_->options(), 1, 3);
    meta::TaskPlans plans(supernet);
    const std::vector<data::Task> tasks{task(10)};
    meta::RunningMoments moments(plans, tasks);
    recorder.take_waits();
    moments.of({}, 1);
    moments.of({}, 1);
    EXPECT_TRUE(recorder.take_waits().empty());
    moments.of({}, 2);
    moments.of({}, 2);
    const auto waits = recorder.take_waits();
    ASSERT_EQ(waits.size(), 1u);
    EXPECT_EQ(waits[0].later, &supernet.context(2));
    EXPECT_EQ(waits[0].earlier, &supernet.context(1));
}

TEST_F(RunningMoments, are_measured_once_while_the_weights_stay) {
    const std::vector<data::Task> tasks{task(10)};
    meta::RunningMoments moments(*plans_, tasks);
    EXPECT_EQ(&moments.of({}, 0), &moments.of({}, 1));
}

TEST_F(RunningMoments, that_are_forgotten_are_measured_again) {
    std::vector<data::Task> tasks{task(10)};
    meta::RunningMoments moments(*plans_, tasks);
    const auto values = [&] { return moments.of({}, 0).values(*device_, supernet_->context(0)); };
    const auto before = values();
    tasks[0] = task(20);
    EXPECT_EQ(values(), before);
    moments.forget();
    EXPECT_NE(values(), before);
}

}  // namespace
