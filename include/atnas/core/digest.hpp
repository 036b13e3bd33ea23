// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// 64-bit digests of content (XXH3), to find damage and drift. They are no protection against malice.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace atnas {

/// The digest of some bytes, or of several such parts put together. The same on every machine that stores numbers alike
/// (all of ours are little-endian). Digests of nothing are 0.
class Digest {
  public:
    /// Bytes of a piece, the unit of of_pieces(). Part of the format of checkpoints.
    static constexpr std::size_t piece_bytes = std::size_t{1} << 20;

    constexpr Digest() noexcept = default;
    constexpr explicit Digest(std::uint64_t value) noexcept : value_(value) {}

    /// XXH3_64bits with \p seed. Give what is to be combined different seeds: the order of parts then counts.
    static Digest of(std::span<const std::byte> bytes, std::uint64_t seed = 0) noexcept;

    /// A slice of a long array that starts at piece \p first_piece: pieces of \p length bytes (the last one may be
    /// shorter), each digested with its number in the array as seed, combined. Slices that start at pieces can be
    /// digested by whoever holds them; combined in any order they give the digest of the whole. \pre length > 0
    static Digest of_pieces(std::span<const std::byte> bytes, std::uint64_t first_piece = 0,
                            std::size_t length = piece_bytes) noexcept;

    /// Combines, modulo 2^64: in any order, so that ranks may sum value().
    constexpr Digest& operator+=(Digest other) noexcept {
        value_ += other.value_;
        return *this;
    }
    friend constexpr Digest operator+(Digest a, Digest b) noexcept { return a += b; }
    friend constexpr bool operator==(Digest, Digest) noexcept = default;

    constexpr std::uint64_t value() const noexcept { return value_; }
    /// 16 hexadecimal digits.
    std::string text() const;

  private:
    std::uint64_t value_{0};
};

}  // namespace atnas
