// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/exif_orientation.hpp"

#include <cstddef>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::data {
namespace {

/// Numbers of a TIFF file in its byte order; 0 past the end.
class Tiff {
  public:
    explicit Tiff(std::span<const std::uint8_t> bytes) noexcept
        : bytes_(bytes), little_(bytes.size() > 1 && bytes[0] == 'I' && bytes[1] == 'I') {}

    std::uint32_t number(std::size_t at, std::size_t size) const noexcept {
        if (at > bytes_.size() || bytes_.size() - at < size) return 0;
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes_[at + (little_ ? size - 1 - i : i)];
        return value;
    }

  private:
    std::span<const std::uint8_t> bytes_;
    bool little_;
};

}  // namespace

int exif_orientation(std::span<const std::uint8_t> bytes) noexcept {
    constexpr std::uint32_t magic = 42;
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::uint32_t short_type = 3;
    constexpr std::size_t entry_size = 12;
    const Tiff tiff(bytes);
    if (tiff.number(2, 2) != magic) return 1;
    const std::size_t directory = tiff.number(4, 4);
    const std::size_t entries = tiff.number(directory, 2);
    for (std::size_t i = 0; i < entries; ++i) {
        const std::size_t entry = directory + 2 + i * entry_size;
        if (tiff.number(entry, 2) != orientation_tag || tiff.number(entry + 2, 2) != short_type) continue;
        const auto orientation = static_cast<int>(tiff.number(entry + 8, 2));
        return orientation >= 1 && orientation <= 8 ? orientation : 1;
    }
    return 1;
}

Bitmap upright(Bitmap bitmap, int orientation) {
    ATNAS_EXPECT(orientation >= 1 && orientation <= 8);
    if (orientation == 1) return bitmap;
    const bool exchanged = orientation >= 5;  // rows are columns
    const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    const bool from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    Bitmap turned{
        bitmap.channels, exchanged ? bitmap.width : bitmap.height, exchanged ? bitmap.height : bitmap.width, {}};
    turned.samples.reserve(bitmap.samples.size());
    const auto height = static_cast<std::size_t>(turned.height);
    const auto width = static_cast<std::size_t>(turned.width);
    for (std::size_t c = 0; c < static_cast<std::size_t>(turned.channels); ++c) {
        const std::uint8_t* const plane = bitmap.samples.data() + c * height * width;
        for (std::size_t y = 0; y < height; ++y) {
            const std::size_t row = from_bottom ? height - 1 - y : y;
            for (std::size_t x = 0; x < width; ++x) {
                const std::size_t column = from_right ? width - 1 - x : x;
                turned.samples.push_back(exchanged ? plane[column * height + row] : plane[row * width + column]);
            }
        }
    }
    return turned;
}

}  // namespace atnas::data
