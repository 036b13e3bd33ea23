// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/jpeg_structure.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

TEST(JpegStructure, FindsComponentsAndEnd) {
    const auto jpeg = encode_jpeg(16, 16, Bytes(16 * 16 * 3, 100));
    const auto found = read_jpeg_structure(jpeg);
    EXPECT_EQ(found.components, 3);
    EXPECT_TRUE(found.complete);
    EXPECT_FALSE(found.adobe);
    EXPECT_EQ(found.orientation, 1);
    for (std::size_t size = 0; size < jpeg.size(); ++size) {
        EXPECT_FALSE(read_jpeg_structure(std::span(jpeg).first(size)).complete) << size;
    }
}

TEST(JpegStructure, EndMarksInsideSegmentsDoNotCount) {
    const Bytes file{0xFF, 0xD8, 0xFF, 0xFE, 0, 4, 0xFF, 0xD9};  // a comment
    EXPECT_FALSE(read_jpeg_structure(file).complete);
}

TEST(JpegStructure, FindsAdobesMarker) {
    Bytes file{0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, 4, 0xFF, 0xEE, 0, 7, 'A', 'd', 'o', 'b', 'e', 0xFF, 0xD9};
    const auto found = read_jpeg_structure(file);
    EXPECT_EQ(found.components, 4);
    EXPECT_TRUE(found.adobe);
    EXPECT_TRUE(found.complete);
    file[16] = 'a';
    EXPECT_FALSE(read_jpeg_structure(file).adobe);
}

}  // namespace
}  // namespace atnas::data
