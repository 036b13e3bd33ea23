// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/shape.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

TEST(Shape, CountsItsElements) {
    EXPECT_EQ((Shape{2, 3, 4, 5}).count(), 120u);
    EXPECT_EQ((Shape{1 << 16, 1 << 10, 1 << 5, 1 << 5}).count(), std::size_t{1} << 36);
}

TEST(WindowOutput, FollowsTheFormula) {
    EXPECT_EQ(window_output(28, 3, 1, 1, 1), 28);
    EXPECT_EQ(window_output(28, 3, 2, 1, 1), 14);
    EXPECT_EQ(window_output(7, 3, 2, 1, 1), 4);
    EXPECT_EQ(window_output(7, 3, 1, 2, 2), 7);
    EXPECT_EQ(window_output(5, 2, 2, 0, 1), 2);
    EXPECT_EQ(window_output(3, 3, 2, 0, 1), 1);
}

TEST(WindowOutput, WindowThatDoesNotFitHasNone) {
    EXPECT_EQ(window_output(2, 3, 2, 0, 1), 0);
    EXPECT_EQ(window_output(1, 3, 4, 0, 2), 0);
}

}  // namespace
}  // namespace atnas::space
