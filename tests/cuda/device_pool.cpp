// SPDX-License-Identifier: Apache-2.0
#include "backend/cuda/device_pool.hpp"

#include <cstdint>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "support/device.hpp"

namespace atnas::backend::cuda {
namespace {

constexpr std::size_t mega = std::size_t{1} << 20;

class PoolOnDevice : public testing::Test {
  protected:
    void SetUp() override {
        if (const std::string obstacle = cuda_obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
    }

    DevicePool pool_;
};

TEST_F(PoolOnDevice, blocks_are_aligned_and_apart) {
    auto* const one = static_cast<std::byte*>(pool_.take(1));
    auto* const two = static_cast<std::byte*>(pool_.take(257));
    auto* const three = static_cast<std::byte*>(pool_.take(0));
    for (const std::byte* block : {one, two, three}) EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 256, 0u);
    EXPECT_EQ(two - one, 256);
    EXPECT_EQ(three - two, 512);
    EXPECT_EQ(pool_.in_use(), 1024u);
    for (std::byte* block : {two, one, three}) pool_.give_back(block);
    EXPECT_EQ(pool_.in_use(), 0u);
}

TEST_F(PoolOnDevice, what_was_given_back_joins_its_neighbours) {
    pool_.reserve(4 * mega);
    std::vector<void*> blocks;
    for (int i = 0; i < 4; ++i) blocks.push_back(pool_.take(mega));
    // Whatever the order, the four are one piece again.
    for (const std::size_t i : {2u, 0u, 3u, 1u}) pool_.give_back(blocks[i]);
    EXPECT_EQ(pool_.take(4 * mega), blocks[0]);
    EXPECT_EQ(pool_.capacity(), 4 * mega);
}

TEST_F(PoolOnDevice, the_smallest_piece_that_fits_is_taken) {
    pool_.reserve(8 * mega);
    void* const large = pool_.take(3 * mega);
    void* const between = pool_.take(256);
    void* const small = pool_.take(mega);
    void* const last = pool_.take(256);
    pool_.give_back(large);
    pool_.give_back(small);
    EXPECT_EQ(pool_.take(mega / 2), small);
    EXPECT_EQ(pool_.take(2 * mega), large);
    EXPECT_NE(between, last);
}

TEST_F(PoolOnDevice, what_is_reserved_is_not_asked_for_again) {
    pool_.reserve(40 * mega);
    EXPECT_EQ(pool_.capacity(), 40 * mega);
    pool_.reserve(40 * mega);
    EXPECT_EQ(pool_.capacity(), 40 * mega);
    static_cast<void>(pool_.take(30 * mega));
    static_cast<void>(pool_.take(10 * mega));
    EXPECT_EQ(pool_.capacity(), 40 * mega);
    static_cast<void>(pool_.take(1));
    EXPECT_GT(pool_.capacity(), 40 * mega);
}

/// Plans of all sizes come and go for long: what is kept free for a quarter more than they take is enough.
TEST_F(PoolOnDevice, stays_within_what_was_reserved) {
    std::mt19937 random(1);
    constexpr std::size_t kept = 64;
    constexpr std::size_t largest = 200'000;
    pool_.reserve(kept * largest / 4 * 5);
    const std::size_t capacity = pool_.capacity();
    std::vector<void*> plans;
    for (int i = 0; i < 20'000; ++i) {
        if (plans.size() == kept) {
            const std::size_t victim = random() % kept;
            pool_.give_back(plans[victim]);
            plans[victim] = plans.back();
            plans.pop_back();
        }
        plans.push_back(pool_.take(random() % 4 != 0 ? largest / 2 + random() % (largest / 2) : random() % 2000));
        ASSERT_EQ(pool_.capacity(), capacity) << i;
    }
}

}  // namespace
}  // namespace atnas::backend::cuda
