// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/digest.hpp"

#include <numeric>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace atnas {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

/// Known answers of XXH3-64: Python's xxhash.xxh3_64_hexdigest(text, seed).
TEST(Digest, IsXxh3) {
    EXPECT_EQ(Digest::of(bytes_of("atnas")).text(), "9f5abfc468565f23");
    EXPECT_EQ(Digest::of(bytes_of("atnas"), 7).text(), "6c6ec1c2bf9de577");
    const std::string longer(1000, 'x');
    EXPECT_EQ(Digest::of(bytes_of(longer), 1).text(), "91720b7c9dd4e0d1");
    EXPECT_EQ(Digest(0x1fu).text(), "000000000000001f");
}

TEST(Digest, NothingIsZero) {
    EXPECT_EQ(Digest::of({}), Digest());
    EXPECT_EQ(Digest::of({}, 5), Digest());
    EXPECT_EQ(Digest::of_pieces({}), Digest());
    EXPECT_EQ(Digest::of_pieces({}, 3), Digest(0));
}

TEST(Digest, EveryBitAndThePlaceCount) {
    std::string text(4096, 'a');
    const Digest before = Digest::of(bytes_of(text));
    EXPECT_NE(Digest::of(bytes_of(text), 1), before);
    for (std::size_t place = 0; place < text.size(); place += 37) {
        for (int bit = 0; bit < 8; ++bit) {
            const char old = text[place];
            text[place] = static_cast<char>(text[place] ^ (1 << bit));
            EXPECT_NE(Digest::of(bytes_of(text)), before) << place << ", bit " << bit;
            text[place] = old;
        }
    }
}

/// Whoever holds which pieces, in whatever order they are put together.
TEST(Digest, SlicesAddUpToTheWhole) {
    std::vector<std::uint32_t> values(10007);
    std::iota(values.begin(), values.end(), 0u);
    const auto whole = std::as_bytes(std::span(values));
    constexpr std::size_t length = 1000;
    const Digest expected = Digest::of_pieces(whole, 0, length);
    for (const std::size_t pieces : {1u, 3u, 17u, 40u}) {
        const auto head = whole.first(pieces * length);
        const auto tail = whole.subspan(pieces * length);
        EXPECT_EQ(Digest::of_pieces(tail, pieces, length) + Digest::of_pieces(head, 0, length), expected);
        EXPECT_NE(Digest::of_pieces(tail, 0, length) + Digest::of_pieces(head, 0, length), expected);
    }
}

/// A sum does not see an exchange unless every piece is digested with its place.
TEST(Digest, ExchangedPiecesAreSeen) {
    const std::string ab = std::string(10, 'a') + std::string(10, 'b');
    const std::string ba = std::string(10, 'b') + std::string(10, 'a');
    EXPECT_NE(Digest::of_pieces(bytes_of(ab), 0, 10), Digest::of_pieces(bytes_of(ba), 0, 10));
}

}  // namespace
}  // namespace atnas
