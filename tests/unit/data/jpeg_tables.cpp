#include "atnas/data/jpeg_tables.hpp"

#include <algorithm>
#include <array>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/data/bitmap.hpp"

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using testing::Bytes;

Bytes sample() {
    const Bytes rgb(8 * 8 * 3, 90);
    return testing::encode_jpeg(8, 8, rgb);
}

/// Index of the first count of the first Huffman table.
std::size_t first_count(const Bytes& jpeg) {
    constexpr std::array<std::uint8_t, 2> mark{0xFF, 0xC4};
    return static_cast<std::size_t>(std::search(jpeg.begin(), jpeg.end(), mark.begin(), mark.end()) - jpeg.begin()) + 5;
}

TEST(JpegTables, ThoseOfAWholeFilePass) {
    EXPECT_TRUE(has_possible_jpeg_tables(sample()));
    EXPECT_TRUE(has_possible_jpeg_tables(Bytes{}));
    EXPECT_TRUE(has_possible_jpeg_tables(Bytes{0xFF, 0xD8, 0xFF}));
}

TEST(JpegTables, MoreCodesThanThereAreBytesAreRefused) {
    Bytes jpeg = sample();
    std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(first_count(jpeg)), 16, std::uint8_t{255});
    EXPECT_FALSE(has_possible_jpeg_tables(jpeg));
    const auto found = testing::error_of([&] { decode_bitmap(jpeg, 3, "a.jpg"); });
    EXPECT_EQ(found.code, ExitCode::bad_data);
    EXPECT_TRUE(found.mentions("a.jpg")) << found.text;
    EXPECT_TRUE(found.mentions("tables")) << found.text;
}

TEST(JpegTables, BytesThatOnlyLookLikeATableAreNone) {
    Bytes jpeg = sample();
    Bytes remark{0xFF, 0xFE, 0x00, 0x30, 0xFF, 0xC4, 0x00, 0x13, 0x00};
    remark.resize(0x32, 0xFF);
    jpeg.insert(jpeg.begin() + 2, remark.begin(), remark.end());
    EXPECT_TRUE(has_possible_jpeg_tables(jpeg));
    EXPECT_EQ(decode_bitmap(jpeg, 3, "a.jpg").width, 8);
}

}  // namespace
}  // namespace atnas::data
