// SPDX-License-Identifier: Apache-2.0
#include "image_writer.hpp"

#include <cstddef>

namespace atnas::data {
namespace {

/// Turns one plane counter-clockwise by turn % 4 quarter turns, then mirrors it left to right where turn is 4 or more,
/// into values in [0, 1]. \pre square unless turn is even
void turn_plane(const std::uint8_t* from, int height, int width, int turn, float* to) {
    const auto convert = [](std::uint8_t value) { return static_cast<float>(value) / 255.0F; };
    // The source pixel of target (row, column) is at start + row * down + column * right.
    const std::ptrdiff_t w = width;
    const std::ptrdiff_t size = w * height;
    std::ptrdiff_t start = 0;
    std::ptrdiff_t down = w;
    std::ptrdiff_t right = 1;
    const int quarters = turn % 4;
    if (quarters == 1) start = w - 1, down = -1, right = w;
    if (quarters == 2) start = size - 1, down = -w, right = -1;
    if (quarters == 3) start = size - w, down = 1, right = -w;
    if (turn >= 4) start += (w - 1) * right, right = -right;
    for (int row = 0; row < height; ++row, to += width) {
        const std::uint8_t* pixel = from + start + row * down;
        if (right == 1) {  // apart, because only this is a vector loop
            for (int column = 0; column < width; ++column) to[column] = convert(pixel[column]);
        } else {
            for (int column = 0; column < width; ++column) to[column] = convert(pixel[column * right]);
        }
    }
}

}  // namespace

ImageWriter::ImageWriter(const ImageSet& images, const Augmenter& augmenter, const RandomKey& key)
    : images_(images), augmenter_(augmenter), stream_(augment_stream(key)) {}

void ImageWriter::write(std::int64_t image, int turn, float* target) {
    const auto [channels, height, width] = images_.shape;
    const std::size_t size = images_.image_size();
    const std::size_t plane = size / static_cast<std::size_t>(channels);
    const std::uint8_t* source = images_.pixels.data() + static_cast<std::size_t>(image) * size;
    for (std::size_t start = 0; start < size; start += plane)
        turn_plane(source + start, height, width, turn, target + start);
    augmenter_.apply({target, size}, stream_);
}

}  // namespace atnas::data
