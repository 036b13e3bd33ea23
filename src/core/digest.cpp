// SPDX-License-Identifier: Apache-2.0
#include "atnas/core/digest.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <xxhash.h>

#include "atnas/core/contract.hpp"

static_assert(XXH_VERSION_NUMBER >= 800, "xxHash 0.8 or newer is needed: the XXH3 of older ones gives other values");

namespace atnas {

Digest Digest::of(std::span<const std::byte> bytes, std::uint64_t seed) noexcept {
    return Digest(bytes.empty() ? 0 : XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed));
}

Digest Digest::of_pieces(std::span<const std::byte> bytes, std::uint64_t first_piece, std::size_t length) noexcept {
    ATNAS_EXPECT(length > 0);
    Digest sum;
    for (std::uint64_t piece = first_piece; !bytes.empty(); ++piece) {
        const std::size_t count = std::min(length, bytes.size());
        sum += of(bytes.first(count), piece);
        bytes = bytes.subspan(count);
    }
    return sum;
}

std::string Digest::text() const {
    return fmt::format("{:016x}", value_);
}

}  // namespace atnas
