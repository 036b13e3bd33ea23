// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/jpeg_tables.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

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

constexpr std::uint8_t quantisation = 0xDB, huffman = 0xC4, frame = 0xC0, scan = 0xDA;

/// Where the first segment of this kind starts.
std::size_t first_segment(const Bytes& jpeg, std::uint8_t kind) {
    const std::array<std::uint8_t, 2> mark{0xFF, kind};
    return static_cast<std::size_t>(std::search(jpeg.begin(), jpeg.end(), mark.begin(), mark.end()) - jpeg.begin());
}

/// Index of the first count of the first Huffman table.
std::size_t first_count(const Bytes& jpeg) {
    return first_segment(jpeg, huffman) + 5;
}

void expect_refused(const Bytes& jpeg) {
    EXPECT_FALSE(has_possible_jpeg_tables(jpeg));
    const auto found = testing::error_of([&] { decode_bitmap(jpeg, 3, "a.jpg"); });
    EXPECT_EQ(found.code, ExitCode::bad_data);
    EXPECT_TRUE(found.mentions("a.jpg")) << found.text;
    EXPECT_TRUE(found.mentions("tables")) << found.text;
}

TEST(JpegTables, ThoseOfAWholeFilePass) {
    EXPECT_TRUE(has_possible_jpeg_tables(sample()));
    EXPECT_TRUE(has_possible_jpeg_tables(Bytes{}));
    EXPECT_TRUE(has_possible_jpeg_tables(Bytes{0xFF, 0xD8, 0xFF}));
}

TEST(JpegTables, MoreCodesThanThereAreBytesAreRefused) {
    Bytes jpeg = sample();
    std::fill_n(jpeg.begin() + static_cast<std::ptrdiff_t>(first_count(jpeg)), 16, std::uint8_t{255});
    expect_refused(jpeg);
}

TEST(JpegTables, ScansNeedTheirTables) {
    for (const std::uint8_t kind : {quantisation, huffman}) {
        Bytes jpeg = sample();
        jpeg[first_segment(jpeg, kind) + 1] = 0xFE;  // a remark now
        expect_refused(jpeg);
    }
    for (const std::uint8_t table : {0x20, 0x02}) {
        Bytes jpeg = sample();
        jpeg[first_segment(jpeg, scan) + 6] = table;  // of the first component
        expect_refused(jpeg);
    }
}

TEST(JpegTables, ProgressiveScansNeedThoseThatTheyUse) {
    // A frame of one component, a table for first coefficients, scans; what they hold does not matter here.
    const Bytes start{0xFF, 0xD8, 0xFF, quantisation, 0, 67, 0};
    const Bytes frame_and_table{0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 7, 0x11, 0, 0xFF, huffman, 0, 19, 0x00};
    const auto with_scans = [&](std::initializer_list<Bytes> scans) {
        Bytes jpeg = start;
        jpeg.resize(jpeg.size() + 64, 1);
        jpeg.insert(jpeg.end(), frame_and_table.begin(), frame_and_table.end());
        jpeg.resize(jpeg.size() + 16, 0);
        for (const Bytes& one : scans) jpeg.insert(jpeg.end(), one.begin(), one.end());
        jpeg.insert(jpeg.end(), {0xFF, 0xD9, 0, 0});
        return jpeg;
    };
    const Bytes first{0xFF, scan, 0, 8, 1, 7, 0x00, 0, 0, 0x01};
    const Bytes first_again{0xFF, scan, 0, 8, 1, 7, 0x30, 0, 0, 0x10};
    const Bytes others{0xFF, scan, 0, 8, 1, 7, 0x00, 1, 5, 0x00};
    EXPECT_TRUE(has_possible_jpeg_tables(with_scans({first, first_again})));
    expect_refused(with_scans({first, others}));
    expect_refused(with_scans({first_again}));
    expect_refused(with_scans({}));
}

TEST(JpegTables, EveryComponentNeedsAScan) {
    Bytes jpeg = sample();
    const std::size_t third = first_segment(jpeg, frame) + 16;
    jpeg.insert(jpeg.begin() + static_cast<std::ptrdiff_t>(third) + 3, {9, 0x11, 0});
    jpeg[first_segment(jpeg, frame) + 3] += 3;
    jpeg[first_segment(jpeg, frame) + 9] += 1;
    expect_refused(jpeg);
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
