// SPDX-License-Identifier: Apache-2.0
#include "backend/cuda/norm_layout.hpp"

#include <bit>

#include <gtest/gtest.h>

#include "backend/cuda/kernels/block.hpp"

namespace atnas::backend::cuda {
namespace {

TEST(NormLayout, EveryValueIsInOneSlice) {
    for (const Shape& shape : {Shape{1, 1, 1, 1},
                               {5, 16, 1, 1},
                               {5, 16, 14, 14},
                               {75, 64, 28, 28},
                               {2, 16384, 1, 1},
                               {75, 16384, 28, 28},
                               {3, 2, 23, 31},
                               {100, 3, 84, 84}}) {
        const NormLayout layout = norm_layout(shape);
        const unsigned count = layout.images * layout.pixels;
        EXPECT_EQ(layout.channels, static_cast<unsigned>(shape.c));
        EXPECT_EQ(std::size_t{count} * layout.channels, shape.count());
        EXPECT_GE(layout.slices * layout.length, count);
        EXPECT_LT((layout.slices - 1) * layout.length, count) << "a slice without values";
        EXPECT_TRUE(std::has_single_bit(layout.threads) && layout.threads <= block_threads);
        EXPECT_GE(std::size_t{norm_blocks(layout)} * (block_threads / layout.threads),
                  std::size_t{layout.channels} * layout.slices);
    }
}

/// A GPU has more than a hundred multiprocessors.
TEST(NormLayout, LongChannelsHaveSeveralBlocks) {
    EXPECT_GT(norm_blocks(norm_layout({75, 64, 28, 28})), 1000U);
    EXPECT_GT(norm_blocks(norm_layout({75, 1, 84, 84})), 200U);
    // Where there are channels for all multiprocessors, more sums would only be more work.
    EXPECT_EQ(norm_layout({75, 4096, 28, 28}).slices, 1U);
}

TEST(NormLayout, ShortChannelsShareABlock) {
    EXPECT_EQ(norm_blocks(norm_layout({5, 64, 1, 1})), 64U * 8 / block_threads);
    EXPECT_EQ(norm_layout({5, 64, 14, 14}).slices, 1U);
}

}  // namespace
}  // namespace atnas::backend::cuda
