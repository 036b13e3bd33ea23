// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/conv4/conv4_space.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::space {
namespace {

TEST(Conv4Space, HasOneMember) {
    const Conv4Space space({.kind = "conv4"});
    RandomStream random({.seed = 1});
    EXPECT_EQ(space.gene_count(), 0);
    EXPECT_TRUE(space.loci().empty());
    EXPECT_TRUE(space.is_legal(Genotype{}));
    EXPECT_FALSE(space.is_legal(Genotype{{0}}));
    EXPECT_EQ(space.sample(random), Genotype{});
    EXPECT_EQ(space.mutate({}, 1.0, random), Genotype{});
    EXPECT_EQ(space.extremes(), std::vector<Genotype>{{}});
}

TEST(Conv4Space, ReadsItsName) {
    const Conv4Space space({.kind = "conv4"});
    EXPECT_EQ(space.to_text({}), "conv4");
    EXPECT_EQ(space.from_text("conv4"), Genotype{});
    EXPECT_THROW(space.from_text("og_v2"), Error);
}

}  // namespace
}  // namespace atnas::space
