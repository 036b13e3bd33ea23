// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/random.hpp"

#include <cmath>
#include <numbers>

#include <Random123/philox.h>

#include "atnas/core/contract.hpp"

namespace atnas {
namespace {

// The 192 bits of a Philox address (128 of counter, 64 of key):
//   key         seed
//   counter[0]  index of the block of four numbers within the stream
//   counter[1]  item
//   counter[2]  iteration
//   counter[3]  island, 24 bits; purpose, 8 bits
// Every field has bits of its own, so different addresses never share a block.
constexpr std::uint32_t island_bits = 24;

}  // namespace

RandomStream::RandomStream(RandomKey key) noexcept
    : counter_{0, key.item, key.iteration, key.island | static_cast<std::uint32_t>(key.purpose) << island_bits},
      key_{static_cast<std::uint32_t>(key.seed), static_cast<std::uint32_t>(key.seed >> 32)} {
    ATNAS_EXPECT(key.island < (1U << island_bits));
    ATNAS_EXPECT(static_cast<std::uint32_t>(key.purpose) < (1U << (32 - island_bits)));
}

void RandomStream::refill() noexcept {
    const philox4x32_ctr_t counter{{counter_[0], counter_[1], counter_[2], counter_[3]}};
    const philox4x32_key_t key{{key_[0], key_[1]}};
    const philox4x32_ctr_t numbers = philox4x32_R(10, counter, key);
    for (std::size_t i = 0; i < block_.size(); ++i) block_[i] = numbers.v[i];
    ++counter_[0];
    ATNAS_ENSURE(counter_[0] != 0);
    used_ = 0;
}

std::uint32_t RandomStream::bits() noexcept {
    if (used_ == static_cast<int>(block_.size())) refill();
    return block_[static_cast<std::size_t>(used_++)];
}

float RandomStream::uniform() noexcept {
    return static_cast<float>(bits() >> 8) * 0x1p-24F;
}

std::uint32_t RandomStream::index(std::uint32_t count) noexcept {
    ATNAS_EXPECT(count > 0);
    // Lemire, "Fast random integer generation in an interval", 2019: the high word of bits * count, where the low
    // words that would favour some results are rejected.
    std::uint64_t product = std::uint64_t{bits()} * count;
    if (static_cast<std::uint32_t>(product) < count) {
        const std::uint32_t rejected = (0U - count) % count;
        while (static_cast<std::uint32_t>(product) < rejected) product = std::uint64_t{bits()} * count;
    }
    return static_cast<std::uint32_t>(product >> 32);
}

float RandomStream::normal() noexcept {
    // In double, so that the float does not depend on the last bit of the library's log and cos.
    const double radius_draw = (static_cast<double>(bits()) + 1.0) * 0x1p-32;  // (0, 1]: the logarithm is finite
    const double angle_draw = static_cast<double>(bits()) * 0x1p-32;
    return static_cast<float>(std::sqrt(-2.0 * std::log(radius_draw)) * std::cos(2.0 * std::numbers::pi * angle_draw));
}

}  // namespace atnas
