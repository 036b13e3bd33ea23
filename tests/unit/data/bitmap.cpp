// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/bitmap.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

TEST(Bitmap, ReadsOneBitGrey) {
    // 10 pixels: 1010101010, in two bytes per row
    const auto png = encode_png(10, 2, 1, PngColor::grey, {{0xAA, 0x80}, {0x00, 0x40}});
    const auto bitmap = decode_bitmap(png, 1, "x");
    EXPECT_EQ(bitmap.height, 2);
    EXPECT_EQ(bitmap.width, 10);
    EXPECT_EQ(bitmap.samples, (Bytes{255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255}));
}

TEST(Bitmap, TurnsRgbToLuma) {
    const auto png = encode_png(4, 1, 8, PngColor::rgb, {{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30}});
    EXPECT_EQ(decode_bitmap(png, 1, "x").samples, (Bytes{76, 150, 29, 18}));
}

TEST(Bitmap, KeepsRgbAsPlanes) {
    const auto png = encode_png(2, 1, 8, PngColor::rgb, {{1, 2, 3, 4, 5, 6}});
    EXPECT_EQ(decode_bitmap(png, 3, "x").samples, (Bytes{1, 4, 2, 5, 3, 6}));
}

TEST(Bitmap, RepeatsGreyForRgb) {
    EXPECT_EQ(decode_bitmap(flat_png(1, 2, 9), 3, "x").samples, (Bytes{9, 9, 9, 9, 9, 9}));
}

TEST(Bitmap, LaysAlphaOverWhite) {
    const auto grey = encode_png(3, 1, 8, PngColor::grey_alpha, {{0, 0, 0, 255, 100, 51}});
    EXPECT_EQ(decode_bitmap(grey, 1, "x").samples, (Bytes{255, 0, 224}));
    const auto rgb = encode_png(1, 1, 8, PngColor::rgb_alpha, {{255, 0, 0, 51}});
    EXPECT_EQ(decode_bitmap(rgb, 3, "x").samples, (Bytes{255, 204, 204}));
}

TEST(Bitmap, CutsSixteenBits) {
    const auto png = encode_png(2, 1, 16, PngColor::grey, {{0x12, 0xFF, 0xAB, 0x00}});
    EXPECT_EQ(decode_bitmap(png, 1, "x").samples, (Bytes{0x12, 0xAB}));
}

TEST(Bitmap, ReadsJpeg) {
    const Bytes rgb(16 * 16 * 3, 100);
    const auto bitmap = decode_bitmap(encode_jpeg(16, 16, rgb), 1, "x");
    ASSERT_EQ(bitmap.samples.size(), 256U);
    for (const auto sample : bitmap.samples) EXPECT_NEAR(sample, 100, 2);
}

TEST(Bitmap, RecognisesFormatsByContent) {
    EXPECT_TRUE(is_png_or_jpeg(flat_png(1, 1, 0)));
    EXPECT_TRUE(is_png_or_jpeg(encode_jpeg(1, 1, Bytes(3, 0))));
    EXPECT_FALSE(is_png_or_jpeg(Bytes{'G', 'I', 'F', '8', '9', 'a'}));
    EXPECT_FALSE(is_png_or_jpeg(Bytes{}));
}

TEST(Bitmap, NamesWhatItCannotRead) {
    for (const Bytes& file :
         {Bytes{}, Bytes{'G', 'I', 'F', '8', '9', 'a'}, Bytes{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}}) {
        const auto caught = error_of([&] { decode_bitmap(file, 1, "Greek/a.png"); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_TRUE(caught.mentions("Greek/a.png")) << caught.text;
    }
}

TEST(Bitmap, EveryCutPngIsAnError) {
    const auto png = flat_png(5, 5, 77);
    for (std::size_t size = 0; size < png.size(); ++size) {
        EXPECT_THROW(decode_bitmap(std::span(png).first(size), 1, "x"), Error) << size;
    }
}

TEST(Bitmap, EveryChangedPngByteIsAnError) {
    const auto png = flat_png(5, 5, 77);
    for (std::size_t at = 0; at < png.size(); ++at) {
        auto damaged = png;
        damaged[at] ^= 0x10U;
        EXPECT_THROW(decode_bitmap(damaged, 1, "x"), Error) << at;
    }
}

TEST(Bitmap, CutJpegIsAnError) {
    Bytes rgb;
    for (int i = 0; i < 64 * 64 * 3; ++i) rgb.push_back(static_cast<std::uint8_t>(i * 7919 >> 3));
    const auto jpeg = encode_jpeg(64, 64, rgb);
    for (const std::size_t size : {std::size_t{3}, std::size_t{100}, jpeg.size() / 2, jpeg.size() - 1}) {
        EXPECT_THROW(decode_bitmap(std::span(jpeg).first(size), 1, "x"), Error) << size;
    }
}

TEST(Bitmap, WhatFollowsTheEndOfAJpegDoesNotMatter) {
    auto jpeg = encode_jpeg(16, 16, Bytes(16 * 16 * 3, 100));
    const auto before = decode_bitmap(jpeg, 1, "x").samples;
    for (const int byte : {0xFF, 0xDA, 0x00, 0xFF, 0xFF, 0xD8, 0xFF}) jpeg.push_back(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(decode_bitmap(jpeg, 1, "x").samples, before);
}

TEST(Bitmap, RefusesCmykOfUnknownMeaning) {
    const Bytes file{0xFF, 0xD8, 0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, 4, 0xFF, 0xD9};
    EXPECT_TRUE(error_of([&] { decode_bitmap(file, 1, "x"); }).mentions("CMYK"));
}

TEST(Bitmap, RefusesAbsurdSizes) {
    for (const int height : {1000, 200'000}) {
        const auto png = encode_png(200'000, height, 8, PngColor::grey, {{0}});
        const auto caught = error_of([&] { decode_bitmap(png, 1, "x"); });
        EXPECT_TRUE(caught.mentions("100 million")) << caught.text;
    }
}

TEST(Bitmap, ChannelsAreConverted) {
    const Bitmap grey{1, 1, 2, {7, 200}};
    EXPECT_EQ(with_channels(grey, 1).samples, grey.samples);
    const Bitmap coloured = with_channels(grey, 3);
    EXPECT_EQ(coloured.channels, 3);
    EXPECT_EQ(coloured.samples, (std::vector<std::uint8_t>{7, 200, 7, 200, 7, 200}));
    EXPECT_EQ(with_channels(coloured, 1).samples, grey.samples);
    // 0.299 R + 0.587 G + 0.114 B
    EXPECT_EQ(with_channels({3, 1, 2, {255, 0, 0, 100, 0, 200}}, 1).samples, (std::vector<std::uint8_t>{76, 82}));
}

}  // namespace
}  // namespace atnas::data
