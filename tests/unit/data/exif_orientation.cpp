// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/exif_orientation.hpp"

#include <gtest/gtest.h>

#include "atnas/data/jpeg_structure.hpp"
#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

Bytes tiff(bool little, std::uint8_t orientation) {
    if (little) {
        return {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0};
    }
    return {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0};
}

/// A JPEG with an EXIF segment after its first marker.
Bytes with_exif(const Bytes& jpeg, std::uint8_t orientation) {
    Bytes segment{0xFF, 0xE1, 0, 0, 'E', 'x', 'i', 'f', 0, 0};
    const Bytes data = tiff(true, orientation);
    segment.insert(segment.end(), data.begin(), data.end());
    segment[3] = static_cast<std::uint8_t>(segment.size() - 2);
    Bytes file = jpeg;
    file.insert(file.begin() + 2, segment.begin(), segment.end());
    return file;
}

TEST(ExifOrientation, ReadsBothByteOrders) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        for (const bool little : {true, false}) {
            EXPECT_EQ(exif_orientation(tiff(little, static_cast<std::uint8_t>(orientation))), orientation);
        }
    }
}

TEST(ExifOrientation, DamagedDataAreUpright) {
    EXPECT_EQ(exif_orientation(tiff(true, 9)), 1);
    EXPECT_EQ(exif_orientation(tiff(true, 0)), 1);
    const Bytes whole = tiff(false, 6);
    for (std::size_t size = 0; size < 20; ++size) EXPECT_EQ(exif_orientation(std::span(whole).first(size)), 1) << size;
    EXPECT_EQ(exif_orientation(Bytes{'I', 'I', 42, 0, 0xFF, 0xFF, 0xFF, 0xFF}), 1);
}

TEST(ExifOrientation, TurnsAsTheStandardSays) {
    const std::vector<Bytes> seen{{1, 2, 3, 4, 5, 6}, {3, 2, 1, 6, 5, 4}, {6, 5, 4, 3, 2, 1}, {4, 5, 6, 1, 2, 3},
                                  {1, 4, 2, 5, 3, 6}, {4, 1, 5, 2, 6, 3}, {6, 3, 5, 2, 4, 1}, {3, 6, 2, 5, 1, 4}};
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const auto turned = upright({1, 2, 3, {1, 2, 3, 4, 5, 6}}, orientation);
        EXPECT_EQ(turned.samples, seen[static_cast<std::size_t>(orientation - 1)]) << orientation;
        EXPECT_EQ(turned.height, orientation < 5 ? 2 : 3);
        EXPECT_EQ(turned.width, orientation < 5 ? 3 : 2);
    }
    EXPECT_EQ(upright({3, 1, 2, {1, 2, 3, 4, 5, 6}}, 2).samples, (Bytes{2, 1, 4, 3, 6, 5}));
}

TEST(ExifOrientation, IsAppliedToJpeg) {
    Bytes rgb(16 * 8 * 3, 0);  // 8 rows of 16: left half black, right half white
    for (std::size_t i = 0; i < rgb.size(); ++i) rgb[i] = i / 3 % 16 < 8 ? 0 : 255;
    const auto jpeg = encode_jpeg(16, 8, rgb);
    const auto turned = decode_bitmap(with_exif(jpeg, 6), 1, "x");  // clockwise: the left goes to the top
    ASSERT_EQ(turned.height, 16);
    ASSERT_EQ(turned.width, 8);
    EXPECT_LT(turned.samples.front(), 10);
    EXPECT_GT(turned.samples.back(), 245);
    EXPECT_LT(turned.samples[7], 10);
}

}  // namespace
}  // namespace atnas::data
