// SPDX-License-Identifier: Apache-2.0
// What a GPU has beside the operations that all backends have.
#include "atnas/backend/device_services.hpp"

#include <gtest/gtest.h>

#include "atnas/backend/factories.hpp"

namespace atnas::backend {
namespace {

class GpuServices : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string obstacle = cuda_obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
        device_ = make_cuda_backend({.profile = Profile::yes});
        context_ = device_->make_context();
        ASSERT_NE(device_->services(), nullptr);
    }
    DeviceServices& services() { return *device_->services(); }

    std::unique_ptr<Backend> device_;
    std::unique_ptr<Context> context_;
};

TEST_F(GpuServices, two_backends_on_a_device_know_it_by_the_same_name) {
    EXPECT_FALSE(services().id().pci_address.empty());
    EXPECT_EQ(services().id(), make_cuda_backend({})->services()->id());
}

TEST_F(GpuServices, every_context_has_a_stream_of_its_own) {
    const auto other = device_->make_context();
    EXPECT_NE(services().stream(*context_), nullptr);
    EXPECT_NE(services().stream(*context_), services().stream(*other));
}

TEST_F(GpuServices, phases_go_to_the_observer_of_the_device) {
    EXPECT_EQ(phase_observer_of(*device_), &services().phase_observer());
}

TEST_F(GpuServices, memory_is_counted_and_what_was_reserved_is_not_taken_again) {
    constexpr std::size_t count = std::size_t{1} << 22;
    constexpr std::size_t bytes = count * sizeof(float);
    const MemoryUse before = services().memory_use();
    // What is free already may lie in pieces that are too small.
    services().reserve(before.held + bytes);
    const MemoryUse reserved = services().memory_use();
    EXPECT_EQ(reserved.in_use, before.in_use);
    EXPECT_GE(reserved.held, before.in_use + before.held + bytes);
    const auto buffer = device_->allocate(count);
    EXPECT_EQ(services().memory_use().in_use, before.in_use + bytes);
    EXPECT_EQ(services().memory_use().held, reserved.held);
}

TEST_F(GpuServices, intervals_are_told_once_in_order_and_only_where_somebody_measures) {
    const auto buffer = device_->allocate(1000);
    const auto work = [&](Backend& device, Context& context, Buffer& x) {
        for (int i = 0; i < 3; ++i) device.axpy(context, 1.0, x, 500, x, {0, 500});
        return device.services()->intervals(context);
    };
    const std::vector<DeviceInterval> intervals = work(*device_, *context_, *buffer);
    ASSERT_EQ(intervals.size(), 3u);
    for (std::size_t i = 0; i < intervals.size(); ++i) {
        EXPECT_LE(intervals[i].begin, intervals[i].end);
        if (i > 0) {
            EXPECT_LE(intervals[i - 1].end, intervals[i].begin);
        }
    }
    EXPECT_TRUE(services().intervals(*context_).empty());

    const auto unmeasured = make_cuda_backend({});
    const auto context = unmeasured->make_context();
    EXPECT_TRUE(work(*unmeasured, *context, *unmeasured->allocate(1000)).empty());
}

}  // namespace
}  // namespace atnas::backend
