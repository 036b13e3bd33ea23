// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/trajectory.hpp"

#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/nn/param_store.hpp"

namespace atnas::nn {
namespace {

/// Two weights and, between them, padding. The gradient of a step is A w; that of the first weight jumps by one where
/// this weight passes kink_.
class TrajectoryTest : public testing::Test {
  protected:
    static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

    TrajectoryTest() { set(*gradient_, {1, nan, -2}); }
    static backend::Tensor whole(backend::Buffer& buffer) {
        return {{1, 1, 1, 3}, backend::Layout::plain, buffer.data()};
    }
    void set(backend::Buffer& to, const std::vector<double>& x) {
        device_->write(*context_, whole(to), std::span<const double>(x));
    }
    std::vector<double> get(backend::Buffer& from) {
        std::vector<double> x(3);
        device_->read(*context_, whole(from), std::span<double>(x));
        return x;
    }
    void step(float rate) {
        trajectory_.keep(*context_, rate, *values_);
        write_gradient();
        device_->axpy(*context_, -rate, *gradient_, 0, *values_, {0, 3});
    }
    void write_gradient() {
        ++gradients_;
        const std::vector<double> w = get(*values_);
        set(*gradient_, {2 * w[0] + w[2] + (w[0] > kink_ ? 1 : 0), nan, w[0] + 3 * w[2]});
    }
    /// (1, -2), carried back.
    std::vector<double> carried_back() {
        set(*gradient_, {1, nan, -2});
        const std::function<void()> step_gradient = [this] { write_gradient(); };
        trajectory_.backward(*context_, {*values_, *gradient_, weights_, step_gradient});
        return get(*gradient_);
    }

    std::unique_ptr<backend::Backend> device_ =
        backend::make_backend(backend::BackendKind::reference, backend::Precision::f64);
    std::unique_ptr<backend::Context> context_ = device_->make_context();
    std::unique_ptr<backend::Buffer> values_ = device_->allocate(3), gradient_ = device_->allocate(3);
    const std::vector<backend::Range> weights_{{0, 1}, {2, 1}};
    Arena arena_{*device_};
    Trajectory trajectory_{*device_, arena_, 3, 2};
    double kink_{100};
    int gradients_{0};
};

TEST_F(TrajectoryTest, CarriesAGradientBackThroughEveryStep) {
    trajectory_.begin();
    set(*values_, {1, 0, 1});
    step(0.25f);
    step(0.5f);
    EXPECT_EQ(trajectory_.steps(), 2);
    // A v = (0, -5), v1 = (1, 0.5); A v1 = (2.5, 2.5), v0 = (0.375, -0.125).
    const auto v = carried_back();
    EXPECT_NEAR(v[0], 0.375, 1e-6);
    EXPECT_NEAR(v[2], -0.125, 1e-6);
    EXPECT_EQ(gradients_, 2 + 3 * 2);
}

TEST_F(TrajectoryTest, TakesTheSideWithoutAJump) {
    for (const double kink : {1 - 1e-9, 1 + 1e-9}) {  // behind the weight, and ahead of it
        trajectory_.begin();
        set(*values_, {1, 0, 1});
        kink_ = kink;
        trajectory_.keep(*context_, 0.5f, *values_);
        const auto v = carried_back();
        EXPECT_NEAR(v[0], 1.0, 1e-6);
        EXPECT_NEAR(v[2], 0.5, 1e-6);
    }
}

TEST_F(TrajectoryTest, LeavesAGradientThatNoStepFollowed) {
    trajectory_.begin();
    EXPECT_EQ(carried_back()[2], -2.0);
    EXPECT_EQ(gradients_, 0);
}

TEST_F(TrajectoryTest, BeginsANewTask) {
    for (int task = 0; task < 3; ++task) {
        trajectory_.begin();
        EXPECT_EQ(trajectory_.steps(), 0);
        set(*values_, {1, 0, 1});
        step(0.25f);
        step(0.25f);
    }
    EXPECT_EQ(trajectory_.steps(), 2);
}

TEST_F(TrajectoryTest, ItsMemoryIsTheArenas) {
    Arena arena(*device_);
    const Trajectory trajectory(*device_, arena, 32, 4);
    EXPECT_EQ(arena.most_taken(), 32u * (4 + 3));
}

}  // namespace
}  // namespace atnas::nn
