// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/task_kind.hpp"

#include <gtest/gtest.h>

namespace atnas::app {
namespace {

TEST(TaskKind, IsReadAsItIsWritten) {
    const std::vector<TaskKind> kinds{{5, 1}, {5, 5}, {20, 1}};
    EXPECT_EQ(text_of(kinds), "5x1,5x5,20x1");
    std::vector<TaskKind> again;
    EXPECT_EQ(read_task_kinds("5x1,5x5,20x1", again), std::nullopt);
    EXPECT_EQ(again, kinds);
    EXPECT_EQ(read_task_kinds("2x10000", again), std::nullopt);
    EXPECT_EQ(again, (std::vector<TaskKind>{{2, 10000}}));
}

TEST(TaskKind, OtherTextsAreRefused) {
    std::vector<TaskKind> kinds{{7, 7}};
    for (const char* const text : {"", "5", "5x", "x1", "5x1,", ",5x1", "5 x 1", "5x1x1", "5X1", "5.0x1"}) {
        const Complaint complaint = read_task_kinds(text, kinds);
        EXPECT_NE(complaint.value_or("").find("is not WAYxSHOT"), std::string::npos) << text;
    }
    EXPECT_EQ(read_task_kinds("1x1", kinds), "the way of 1x1 must be in 2 ... 10000");
    EXPECT_EQ(read_task_kinds("5x1,5x0", kinds), "the shot of 5x0 must be in 1 ... 10000");
    EXPECT_EQ(read_task_kinds("5x1,20x1,5x1", kinds), "5x1 is there twice");
    EXPECT_EQ(kinds, (std::vector<TaskKind>{{7, 7}})) << "left alone";
}

}  // namespace
}  // namespace atnas::app
