// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/member_path.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <filesystem>

#include "atnas/core/contract.hpp"

namespace atnas::data {
namespace {

/// Length of the UTF-8 character that \p bytes start with; 0 when they start with none (RFC 3629: the shortest form,
/// no surrogates, up to U+10FFFF).
std::size_t utf8_length(std::string_view bytes) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : lead >= 0xE0 && lead <= 0xEF ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || bytes.size() < length) return 0;
    const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
    }
    return length;
}

}  // namespace

MemberPath parse_member_path(std::string_view path) {
    MemberPath parts;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, end);
        if (!part.empty() && part != ".") parts.emplace_back(part);
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

std::string printable(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    while (!bytes.empty()) {
        const auto first = static_cast<std::uint8_t>(bytes.front());
        std::size_t length = utf8_length(bytes);
        if (length == 0 || first < 0x20 || first == 0x7F) {
            text += {'\\', 'x', digits[first >> 4], digits[first & 0xFU]};
            length = 1;
        } else {
            text += bytes.substr(0, length);
        }
        bytes.remove_prefix(length);
    }
    return text;
}

std::string text_of(MemberPath::const_iterator first, MemberPath::const_iterator last) {
    std::string text;
    for (; first != last; ++first) text += (text.empty() ? "" : "/") + printable(*first);
    return text;
}

std::string text_of(const MemberPath& path) {
    return text_of(path.begin(), path.end());
}

bool is_hidden(const MemberPath& path) {
    return std::any_of(path.begin(), path.end(),
                       [](const std::string& part) { return part.front() == '.' && part != ".."; });
}

bool leads_upwards(const MemberPath& path) {
    return std::find(path.begin(), path.end(), "..") != path.end();
}

Ending ending_of(const MemberPath& path) {
    ATNAS_EXPECT(!path.empty());
    static constexpr std::array<std::string_view, 20> images{".png",  ".jpg",  ".jpeg", ".jpe", ".jfif", ".gif", ".bmp",
                                                             ".tif",  ".tiff", ".webp", ".pgm", ".ppm",  ".pbm", ".pnm",
                                                             ".avif", ".heic", ".heif", ".jp2", ".tga",  ".jxl"};
    std::string ending = std::filesystem::path(path.back()).extension().string();
    if (ending.empty()) return Ending::none;
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    return std::find(images.begin(), images.end(), ending) == images.end() ? Ending::other : Ending::image;
}

}  // namespace atnas::data
