// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/weight.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

TEST(Weight, ThoseOfLayersAreDrawn) {
    EXPECT_TRUE(is_drawn(Initial::he_normal));
    EXPECT_TRUE(is_drawn(Initial::fan_in_normal));
    EXPECT_FALSE(is_drawn(Initial::one)) << "scales";
    EXPECT_FALSE(is_drawn(Initial::zero)) << "shifts and biases";
}

}  // namespace
}  // namespace atnas::space
