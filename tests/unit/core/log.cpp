// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/log.hpp"

#include <functional>
#include <regex>

#include <gtest/gtest.h>

namespace atnas {
namespace {

/// What \p work prints to standard error, with the digits of the time replaced.
std::string printed_by(const std::function<void()>& work) {
    testing::internal::CaptureStderr();
    work();
    const std::string text = testing::internal::GetCapturedStderr();
    return std::regex_replace(text, std::regex("\\[\\d\\d:\\d\\d:\\d\\d\\]"), "[time]");
}

class Log : public testing::Test {
  protected:
    void TearDown() override { set_log_role(LogRole::speaker, 0); }
};

TEST_F(Log, only_unusual_levels_are_named) {
    set_log_role(LogRole::speaker, 0);
    const auto text = printed_by([] {
        world_log().info("generation {}", 3);
        world_log().warn("slow disk");
        world_log().error("no disk");
    });
    EXPECT_EQ(text, "[time] generation 3\n[time] warning: slow disk\n[time] error: no disk\n");
}

TEST_F(Log, a_silent_rank_speaks_only_for_itself) {
    set_log_role(LogRole::silent, 5);
    const auto text = printed_by([] {
        world_log().error("from the world");
        local_log().warn("from here");
    });
    EXPECT_EQ(text, "[time] rank 5: warning: from here\n");
}

}  // namespace
}  // namespace atnas
