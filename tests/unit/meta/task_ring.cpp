#include "atnas/meta/task_ring.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

class TaskRing : public testing::Test {
  protected:
    static space::NetworkOptions network() {
        space::NetworkOptions options;
        options.kind = "conv4";
        options.channels = 2;
        options.image = {1, 16, 16};
        return options;
    }
    /// Starts tasks 0 ... \p tasks - 1; each notes when it is done.
    void start(meta::TaskRing& ring, int tasks) {
        for (int task = 0; task < tasks; ++task) {
            lanes_.push_back(ring.next());
            nn::Plan& plan = ring.supernet().plan({}, {5, 1, 1}, lanes_.back());
            ring.started(plan, [this, task, &plan](nn::Plan& told) {
                EXPECT_EQ(&told, &plan);
                done_.push_back(task);
            });
        }
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    std::vector<int> lanes_, done_;
};

TEST_F(TaskRing, takes_the_lanes_in_turn_and_finishes_in_the_order_of_the_tasks) {
    supernet::Supernet supernet(*device_, network(), 1, 3);
    meta::TaskRing ring(supernet);
    start(ring, 5);
    EXPECT_EQ(lanes_, (std::vector{0, 1, 2, 0, 1}));
    EXPECT_EQ(done_, (std::vector{0, 1})) << "those whose lanes were wanted again";
    ring.finish();
    EXPECT_EQ(done_, (std::vector{0, 1, 2, 3, 4}));
    ring.finish();
    EXPECT_EQ(done_.size(), 5u) << "nothing is done twice";
}

TEST_F(TaskRing, one_lane_is_one_task_at_a_time) {
    supernet::Supernet supernet(*device_, network(), 1);
    meta::TaskRing ring(supernet);
    start(ring, 2);
    EXPECT_EQ(lanes_, (std::vector{0, 0}));
    EXPECT_EQ(done_, (std::vector{0}));
    ring.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

TEST_F(TaskRing, fewer_tasks_than_lanes_are_all_done) {
    supernet::Supernet supernet(*device_, network(), 1, 4);
    meta::TaskRing ring(supernet);
    ring.finish();
    start(ring, 2);
    EXPECT_TRUE(done_.empty());
    ring.finish();
    EXPECT_EQ(done_, (std::vector{0, 1}));
}

}  // namespace
