// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/plan_cache.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

TEST(PlanCache, forgets_the_plan_that_was_used_longest_ago) {
    constexpr int kept = 3;
    meta::PlanCache<int, int> cache(kept);
    int made = 0;
    const auto get = [&](int key) -> int& {
        return cache.get(key, [&] {
            ++made;
            return std::make_unique<int>(key);
        });
    };
    for (int key = 0; key < kept; ++key) EXPECT_EQ(get(key), key);
    EXPECT_EQ(made, kept);
    EXPECT_EQ(get(0), 0);  // used again, so that 1 is the oldest
    EXPECT_EQ(get(-1), -1);
    EXPECT_EQ(made, kept + 1);
    get(0);
    EXPECT_EQ(made, kept + 1) << "0 was kept";
    get(1);
    EXPECT_EQ(made, kept + 2) << "1 was forgotten";
    cache.clear();
    get(0);
    EXPECT_EQ(made, kept + 3);
}

}  // namespace
