// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/jpeg_tables.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace atnas::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t slots = 4;  ///< for tables of a kind

/// What a decoder has met before it comes to a scan.
class Tables {
  public:
    /// Tables follow each other in a segment: a byte, 16 counts of codes, then as many values. A decoder reads all
    /// counts of a table that starts inside its segment, also those beyond the end. False: too many codes.
    bool take_huffman(Bytes file, std::size_t at, std::size_t end) noexcept;
    void take_quantisation(Bytes segment) noexcept;
    void take_frame(Bytes segment, bool progressive);
    /// False: a table of this scan was not there before it.
    bool take_scan(Bytes segment) noexcept;
    /// Whether every component of the frame was in a scan.
    bool complete() const noexcept;

  private:
    struct Component {
        std::uint8_t name{0};
        std::uint8_t quantisation{0};
        bool scanned{false};
    };
    using Present = std::array<bool, slots>;

    static void note(Present& present, std::size_t slot) noexcept {
        if (slot < slots) present[slot] = true;
    }
    static bool has(const Present& present, std::size_t slot) noexcept { return slot < slots && present[slot]; }

    Present dc_{};
    Present ac_{};
    Present quantisation_{};
    bool progressive_{false};
    std::vector<Component> components_;
};

bool Tables::take_huffman(Bytes file, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t lengths = 16;
    constexpr std::size_t most_codes = 256;
    while (at < end && at < file.size()) {
        std::size_t codes = 0;
        for (std::size_t i = at + 1; i < std::min(at + 1 + lengths, file.size()); ++i) codes += file[i];
        if (codes > most_codes) return false;
        note(file[at] >> 4 == 0 ? dc_ : ac_, file[at] & 15U);
        at += 1 + lengths + codes;
    }
    return true;
}

void Tables::take_quantisation(Bytes segment) noexcept {
    for (std::size_t at = 0; at < segment.size(); at += segment[at] >> 4 == 0 ? 65 : 129)
        note(quantisation_, segment[at] & 15U);
}

void Tables::take_frame(Bytes segment, bool progressive) {
    constexpr std::size_t first = 6;  // after precision, height, width and the number of components
    progressive_ = progressive;
    components_.clear();
    for (std::size_t at = first; at + 3 <= segment.size(); at += 3)
        components_.push_back({segment[at], segment[at + 2], false});
}

bool Tables::take_scan(Bytes segment) noexcept {
    const std::size_t count = segment.empty() ? 0 : segment[0];
    if (segment.size() < 4 + 2 * count) return true;  // no decoder takes it
    // A progressive scan has either the first coefficients or others; bits that come later need no table for the first.
    const bool first = segment[1 + 2 * count] == 0;
    const bool refines = segment[3 + 2 * count] >> 4 != 0;
    const bool needs_dc = !progressive_ || (first && !refines);
    const bool needs_ac = !progressive_ || !first;
    for (std::size_t i = 0; i < count; ++i) {
        const auto component = std::ranges::find(components_, segment[1 + 2 * i], &Component::name);
        if (component == components_.end()) return true;  // as above
        const std::uint8_t chosen = segment[2 + 2 * i];
        if (needs_dc && !has(dc_, chosen >> 4)) return false;
        if (needs_ac && !has(ac_, chosen & 15U)) return false;
        if (!has(quantisation_, component->quantisation)) return false;
        if (!progressive_ || needs_dc) component->scanned = true;
    }
    return true;
}

bool Tables::complete() const noexcept {
    return std::ranges::all_of(components_, &Component::scanned);
}

}  // namespace

bool has_possible_jpeg_tables(Bytes file) {
    constexpr std::uint8_t mark = 0xFF;
    constexpr std::uint8_t first_frame = 0xC0, progressive_frame = 0xC2;
    constexpr std::uint8_t huffman_tables = 0xC4;
    constexpr std::uint8_t end_of_image = 0xD9;
    constexpr std::uint8_t start_of_scan = 0xDA;
    constexpr std::uint8_t quantisation_tables = 0xDB;
    Tables tables;
    std::size_t at = 2;  // after the mark of a JPEG
    while (at + 4 <= file.size()) {
        const std::uint8_t kind = file[at + 1];
        if (file[at] != mark || kind == mark) {  // data of a scan; fill bytes
            ++at;
        } else if (kind == 0 || (kind >= 0xD0 && kind <= 0xD7)) {  // a data byte 0xFF; a restart within a scan
            at += 2;
        } else if (kind == end_of_image) {
            break;
        } else {
            const std::size_t length = std::size_t{file[at + 2]} << 8 | file[at + 3];
            const std::size_t end = std::min(at + 2 + length, file.size());
            const Bytes segment = end > at + 4 ? file.subspan(at + 4, end - at - 4) : Bytes();
            if (kind == huffman_tables && !tables.take_huffman(file, at + 4, at + 2 + length)) return false;
            if (kind == quantisation_tables) tables.take_quantisation(segment);
            if (kind >= first_frame && kind <= progressive_frame) tables.take_frame(segment, kind == progressive_frame);
            if (kind == start_of_scan && !tables.take_scan(segment)) return false;
            at += 2 + length;
        }
    }
    return tables.complete();
}

}  // namespace atnas::data
