// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/crc32.hpp"

#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace atnas::data {
namespace {

TEST(Crc32, IsTheOneOfItsStandardsCheckValue) {
    constexpr std::string_view digits = "123456789";
    const std::vector<std::uint8_t> bytes(digits.begin(), digits.end());
    EXPECT_EQ(crc32(bytes), 0xCBF43926U);
    EXPECT_EQ(crc32({}), 0U);
}

TEST(Crc32, GoesOnWhereItStopped) {
    const std::vector<std::uint8_t> bytes{3, 1, 4, 1, 5, 9, 2, 6};
    const std::span all(bytes);
    EXPECT_EQ(crc32(all.subspan(3), crc32(all.first(3))), crc32(all));
}

}  // namespace
}  // namespace atnas::data
