// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Flat arrays and exact sums as addresses.

#include "atnas/backend/backend.hpp"
#include "atnas/core/contract.hpp"
#include "kernels/exact_sum.hpp"

namespace atnas::backend::cuda {

inline const float* part(const Buffer& buffer, Range range) noexcept {
    ATNAS_EXPECT(range.first <= buffer.size() && range.count <= buffer.size() - range.first);
    return static_cast<const float*>(buffer.data()) + range.first;
}
inline float* part(Buffer& buffer, Range range) noexcept {
    return const_cast<float*>(part(static_cast<const Buffer&>(buffer), range));
}
inline const float* whole(const Buffer& buffer) noexcept {
    return static_cast<const float*>(buffer.data());
}
inline float* whole(Buffer& buffer) noexcept {
    return static_cast<float*>(buffer.data());
}
/// An exact sum as kernels take it.
inline SumWords words_of(ExactSum& sum) noexcept {
    return {reinterpret_cast<long long*>(sum.data()), reinterpret_cast<unsigned long long*>(sum.data() + sum.size()),
            sum.limit()};
}

}  // namespace atnas::backend::cuda
