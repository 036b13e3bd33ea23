// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Sums of floats that have the same bits in any order.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "atnas/backend/tensor.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::backend {

/// Element of a sum = value * 2^44: a resolution of 6e-14.
inline constexpr int sum_fraction_bits = 44;
/// All that is added to one element of a sum stays within +-2^18 together, half of what 64 bits hold.
inline constexpr double sum_range = 0x1p18;

/// \p value in units of 2^-fraction_bits, rounded to nearest, ties to even; nothing where it is NaN or not smaller in
/// magnitude than \p limit. \pre limit * 2^fraction_bits < 2^63
template <class T>
std::optional<std::int64_t> fixed_point(T value, T limit, int fraction_bits = sum_fraction_bits) noexcept {
    if (!(std::fabs(value) < limit)) return std::nullopt;
    return std::llrint(std::ldexp(value, fraction_bits));
}

/// One 64-bit integer per element, round(value * 2^44), added in two's complement; then one more, the flag, which is
/// not 0 where a value did not fit. Integer addition knows no rounding, so the words of several such sums may be
/// added element by element, the flag included, in any order. In the memory of the backend that made it, zero when
/// created.
class ExactSum {
  public:
    virtual ~ExactSum() = default;
    ExactSum(const ExactSum&) = delete;
    ExactSum& operator=(const ExactSum&) = delete;

    std::size_t size() const noexcept { return size_; }       ///< elements
    std::size_t words() const noexcept { return size_ + 1; }  ///< elements and flag
    /// Values smaller in magnitude fit: as many of them as the sum was made for cannot leave its range.
    float limit() const noexcept { return limit_; }
    MemoryKind memory() const noexcept { return memory_; }
    std::int64_t* data() noexcept { return data_; }
    const std::int64_t* data() const noexcept { return data_; }

  protected:
    /// \p addends: the most values that are added to one element, in all sums that are added up. \pre addends > 0
    ExactSum(std::int64_t* data, std::size_t size, std::size_t addends, MemoryKind memory) noexcept
        : data_(data),
          size_(size),
          limit_(static_cast<float>(sum_range / static_cast<double>(addends))),
          memory_(memory) {
        ATNAS_EXPECT(addends > 0);
    }

  private:
    std::int64_t* data_;
    std::size_t size_;
    float limit_;
    MemoryKind memory_;
};

}  // namespace atnas::backend
