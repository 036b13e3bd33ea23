// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/conv4/conv4_entry.hpp"

#include <gtest/gtest.h>

#include "support/network_complaints.hpp"

namespace atnas::space {
namespace {

using test::complaints;
using test::names;

TEST(Conv4Entry, ImagesMustBeLargeEnough) {
    const auto conv4 = [](int size) {
        return [size](NetworkOptions& o) {
            o.kind = "conv4";
            o.image = {1, size, 28};
        };
    };
    EXPECT_EQ(complaints(conv4(16)), "");
    EXPECT_TRUE(names(complaints(conv4(15)), "image = 1 x 15 x 28"));
}

TEST(Conv4Entry, NeedsAFilter) {
    EXPECT_TRUE(names(complaints([](auto& o) {
                          o.kind = "conv4";
                          o.channels = 0;
                      }),
                      "channels = 0"));
}

}  // namespace
}  // namespace atnas::space
