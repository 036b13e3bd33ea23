#include "atnas/data/jpeg_tables.hpp"

#include <algorithm>
#include <cstddef>

namespace atnas::data {
namespace {

using Bytes = std::span<const std::uint8_t>;

/// Tables follow each other in a segment: a byte, 16 counts of codes, then as many values. A decoder reads all counts
/// of a table that starts inside its segment, also those beyond the end.
bool has_possible_tables(Bytes file, std::size_t at, std::size_t end) noexcept {
    constexpr std::size_t lengths = 16;
    constexpr std::size_t most_codes = 256;
    while (at < end) {
        std::size_t codes = 0;
        for (std::size_t i = at + 1; i < std::min(at + 1 + lengths, file.size()); ++i) codes += file[i];
        if (codes > most_codes) return false;
        at += 1 + lengths + codes;
    }
    return true;
}

}  // namespace

bool has_possible_jpeg_tables(Bytes file) noexcept {
    constexpr std::uint8_t mark = 0xFF;
    constexpr std::uint8_t huffman_tables = 0xC4;
    constexpr std::uint8_t end_of_image = 0xD9;
    std::size_t at = 2;  // after the mark of a JPEG
    while (at + 4 <= file.size()) {
        const std::uint8_t kind = file[at + 1];
        if (file[at] != mark || kind == mark) {  // data of a scan; fill bytes
            ++at;
        } else if (kind == 0 || (kind >= 0xD0 && kind <= 0xD7)) {  // a data byte 0xFF; a restart within a scan
            at += 2;
        } else if (kind == end_of_image) {
            return true;
        } else {
            const std::size_t length = std::size_t{file[at + 2]} << 8 | file[at + 3];
            if (kind == huffman_tables && !has_possible_tables(file, at + 4, at + 2 + length)) return false;
            at += 2 + length;
        }
    }
    return true;
}

}  // namespace atnas::data
