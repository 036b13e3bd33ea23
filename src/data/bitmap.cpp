// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/bitmap.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

namespace atnas::data {
namespace {

/// Bounds what the decoder may take at once: the data of a small image can expand without end.
struct AllocationLimit {
    std::size_t most{0};  ///< bytes
    bool exceeded{false};
};
thread_local AllocationLimit allocation_limit;

bool allowed(std::size_t size) noexcept {
    if (size <= allocation_limit.most) return true;
    allocation_limit.exceeded = true;
    return false;
}

/// Zeros: the decoder reads what it did not write where a file leaves something out.
void* bounded_malloc(std::size_t size) noexcept {
    return allowed(size) ? std::calloc(size, 1) : nullptr;
}

void* bounded_realloc(void* former, std::size_t size) noexcept {
    return allowed(size) ? std::realloc(former, size) : nullptr;
}

/// The decoder found itself where it should not be, which only a damaged file can do.
thread_local bool contradicted = false;

void expect_of_decoder(bool holds) noexcept {
    if (!holds) contradicted = true;
}

}  // namespace
}  // namespace atnas::data

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wshadow"
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STBI_MALLOC(size) atnas::data::bounded_malloc(size)
#define STBI_REALLOC(former, size) atnas::data::bounded_realloc(former, size)
#define STBI_FREE(memory) std::free(memory)
#define STBI_ASSERT(condition) atnas::data::expect_of_decoder(condition)
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

#include "atnas/core/contract.hpp"
#include "atnas/core/error.hpp"
#include "atnas/data/crc32.hpp"
#include "atnas/data/exif_orientation.hpp"
#include "atnas/data/jpeg_structure.hpp"
#include "atnas/data/jpeg_tables.hpp"

namespace atnas::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::array<std::uint8_t, 8> png_magic{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::array<std::uint8_t, 3> jpeg_magic{0xFF, 0xD8, 0xFF};
/// Far above any image of a data set; a header that claims more is damaged or hostile.
constexpr std::int64_t most_pixels = 100'000'000;
/// Eight bytes a pixel, doubled as the decoder doubles its buffers, and what images of few pixels need besides.
constexpr std::size_t most_bytes_per_pixel = 16;
constexpr std::size_t most_bytes_besides = std::size_t{16} << 20;

template <std::size_t N>
bool starts_with(Bytes file, const std::array<std::uint8_t, N>& magic) noexcept {
    return file.size() >= N && std::equal(magic.begin(), magic.end(), file.begin());
}

std::uint32_t big_endian(Bytes four) noexcept {
    return std::uint32_t{four[0]} << 24 | std::uint32_t{four[1]} << 16 | std::uint32_t{four[2]} << 8 | four[3];
}

/// stb_image ignores checksums, so a damaged PNG could pass as a wrong picture.
std::optional<std::string> png_damage(Bytes file) {
    std::size_t at = png_magic.size();
    while (file.size() - at >= 12) {
        const std::size_t length = big_endian(file.subspan(at, 4));
        if (length > file.size() - at - 12) break;
        const Bytes type_and_data = file.subspan(at + 4, length + 4);
        if (crc32(type_and_data) != big_endian(file.subspan(at + 8 + length, 4))) return "checksum of the PNG is wrong";
        constexpr std::array<std::uint8_t, 4> end{'I', 'E', 'N', 'D'};
        if (starts_with(type_and_data, end)) return std::nullopt;
        at += length + 12;
    }
    return "PNG ends too early";
}

std::optional<std::string> jpeg_damage(Bytes file, const JpegStructure& jpeg) {
    if (!has_possible_jpeg_tables(file)) return "tables of the JPEG are damaged or missing";
    // stb_image fills what is missing with grey, and takes four components of unknown meaning for YCbCr.
    if (!jpeg.complete) return "JPEG ends too early";
    if (jpeg.components == 4 && !jpeg.adobe)
        return "it is a CMYK JPEG without Adobe's marker, so its colours are unknown";
    return std::nullopt;
}

[[noreturn]] void fail(const std::string& name, const std::string& why) {
    throw Error(ExitCode::bad_data,
                Problem{"cannot read image " + name, why, "repair or remove it, or skip bad images"});
}

void expect_possible_size(std::int64_t width, std::int64_t height, const std::string& name) {
    if (height == 0 || width <= most_pixels / height) return;
    fail(name, std::to_string(width) + " x " + std::to_string(height) + " pixels are more than 100 million");
}

/// Before the decoder sees it, which calls a PNG of too many pixels an unknown type.
void expect_possible_png_size(Bytes file, const std::string& name) {
    constexpr std::size_t width_at = 16, height_at = 20;  // magic, length and type of the first chunk come before
    if (file.size() < height_at + 4) return;
    expect_possible_size(big_endian(file.subspan(width_at, 4)), big_endian(file.subspan(height_at, 4)), name);
}

struct FreeImage {
    void operator()(stbi_uc* image) const noexcept { stbi_image_free(image); }
};

std::uint8_t over_white(int value, int alpha) noexcept {
    return static_cast<std::uint8_t>((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

std::uint8_t luma(int red, int green, int blue) noexcept {
    return static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
}

/// What the decoder gives: [row][column][component], the last of 2 or 4 components being alpha.
struct Decoded {
    int height{0};
    int width{0};
    int components{0};
    std::unique_ptr<stbi_uc, FreeImage> samples;
};

Decoded load(Bytes file, const std::string& name) {
    const int size = static_cast<int>(file.size());
    Decoded image;
    allocation_limit = {.most = most_bytes_besides};
    contradicted = false;
    if (stbi_info_from_memory(file.data(), size, &image.width, &image.height, &image.components) == 0) {
        fail(name, stbi_failure_reason());
    }
    expect_possible_size(image.width, image.height, name);
    allocation_limit.most +=
        most_bytes_per_pixel * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    image.samples.reset(stbi_load_from_memory(file.data(), size, &image.width, &image.height, &image.components, 0));
    if (contradicted) fail(name, "its data contradict themselves");
    if (image.samples) return image;
    fail(name,
         allocation_limit.exceeded ? "it expands to more than its width and height explain" : stbi_failure_reason());
}

Bitmap convert(const Decoded& image, int channels) {
    Bitmap bitmap{channels, image.height, image.width, {}};
    const std::size_t plane = static_cast<std::size_t>(image.height) * static_cast<std::size_t>(image.width);
    const int found = image.components;
    bitmap.samples.resize(plane * static_cast<std::size_t>(channels));
    if (channels == 1 && found == 1) {  // most data sets; nothing to compute
        std::copy_n(image.samples.get(), plane, bitmap.samples.begin());
        return bitmap;
    }
    const bool has_alpha = found == 2 || found == 4;
    for (std::size_t i = 0; i < plane; ++i) {
        const stbi_uc* pixel = image.samples.get() + i * static_cast<std::size_t>(found);
        const int alpha = has_alpha ? pixel[found - 1] : 255;
        std::array<std::uint8_t, 3> rgb{};
        for (std::size_t c = 0; c < 3; ++c) rgb[c] = over_white(found >= 3 ? pixel[c] : pixel[0], alpha);
        if (channels == 1) {
            bitmap.samples[i] = luma(rgb[0], rgb[1], rgb[2]);
        } else {
            for (std::size_t c = 0; c < 3; ++c) bitmap.samples[c * plane + i] = rgb[c];
        }
    }
    return bitmap;
}

}  // namespace

bool is_png_or_jpeg(std::span<const std::uint8_t> file) noexcept {
    return starts_with(file, png_magic) || starts_with(file, jpeg_magic);
}

Bitmap decode_bitmap(std::span<const std::uint8_t> file, int channels, const std::string& name) {
    ATNAS_EXPECT(channels == 1 || channels == 3);
    if (file.empty()) fail(name, "it is empty");
    if (!is_png_or_jpeg(file)) fail(name, "it is neither PNG nor JPEG");
    if (file.size() > most_image_bytes) fail(name, "it is larger than 512 MiB");
    const bool is_png = starts_with(file, png_magic);
    const JpegStructure jpeg = is_png ? JpegStructure{} : read_jpeg_structure(file);
    if (const auto damage = is_png ? png_damage(file) : jpeg_damage(file, jpeg)) fail(name, *damage);
    if (is_png) expect_possible_png_size(file, name);
    Bitmap bitmap = convert(load(file, name), channels);
    return upright(std::move(bitmap), jpeg.orientation);
}

Bitmap with_channels(Bitmap bitmap, int channels) {
    ATNAS_EXPECT((channels == 1 || channels == 3) && (bitmap.channels == 1 || bitmap.channels == 3));
    if (channels == bitmap.channels) return bitmap;
    const std::vector<std::uint8_t> from = std::move(bitmap.samples);
    const std::size_t plane = from.size() / static_cast<std::size_t>(bitmap.channels);
    bitmap.samples.clear();
    if (channels == 3) {
        for (int c = 0; c < 3; ++c) bitmap.samples.insert(bitmap.samples.end(), from.begin(), from.end());
    } else {
        for (std::size_t i = 0; i < plane; ++i)
            bitmap.samples.push_back(luma(from[i], from[plane + i], from[2 * plane + i]));
    }
    bitmap.channels = channels;
    return bitmap;
}

}  // namespace atnas::data
