// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/smooth_targets.hpp"

#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

TEST(SmoothTargets, WithoutSmoothingTheLabelIsAll) {
    std::vector<float> targets{7, 7, 7};
    smooth_targets(std::vector{2, 0}, 3, 0, targets);
    EXPECT_EQ(targets, (std::vector<float>{0, 0, 1, 1, 0, 0}));
}

TEST(SmoothTargets, AllClassesShareWhatIsTakenFromTheLabel) {
    std::vector<float> targets;
    smooth_targets(std::vector{1, 3}, 4, 0.2, targets);
    const std::vector<float> expected{0.05F, 0.85F, 0.05F, 0.05F, 0.05F, 0.05F, 0.05F, 0.85F};
    ASSERT_EQ(targets.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_FLOAT_EQ(targets[i], expected[i]);
    EXPECT_FLOAT_EQ(std::accumulate(targets.begin(), targets.begin() + 4, 0.0F), 1);
}

}  // namespace
}  // namespace atnas::data
