// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the operations on host memory share: element types, ranges, segments.

#include <span>
#include <vector>

#include "atnas/backend/host_backend.hpp"
#include "atnas/core/contract.hpp"

namespace atnas::backend {

/// Calls f with a value of the element type.
template <class F>
void with_type(Precision precision, F f) {
    if (precision == Precision::f32) {
        f(float{});
    } else {
        f(double{});
    }
}

/// \p range of \p buffer, as const elements where the buffer is const.
template <class T, class AnyBuffer>
auto part(AnyBuffer& buffer, Range range) noexcept {
    ATNAS_EXPECT(range.first <= buffer.size() && range.count <= buffer.size() - range.first);
    return host_span<T>(buffer).subspan(range.first, range.count).data();
}

inline bool fits(const Buffer& buffer, Precision precision) noexcept {
    return buffer.memory() == MemoryKind::host && buffer.precision() == precision;
}

class HostSegments final : public SegmentMap {
  public:
    explicit HostSegments(std::span<const Segment> segments) : segments_(segments.begin(), segments.end()) {}
    std::span<const Segment> segments() const noexcept { return segments_; }

  private:
    std::vector<Segment> segments_;
};

inline std::span<const Segment> segments_of(const SegmentMap& map) noexcept {
    return static_cast<const HostSegments&>(map).segments();
}

}  // namespace atnas::backend
