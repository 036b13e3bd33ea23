// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What the two CPU backends share: host buffers, transfers of plain tensors, flat arrays and exact sums.

#include <span>

#include "atnas/backend/backend.hpp"

namespace atnas::backend {

/// Elements of a host buffer. \pre memory() == host and T matches precision()
template <class T>
std::span<T> host_span(Buffer& buffer) noexcept {
    return {static_cast<T*>(buffer.data()), buffer.size()};
}
template <class T>
std::span<const T> host_span(const Buffer& buffer) noexcept {
    return {static_cast<const T*>(buffer.data()), buffer.size()};
}

/// A Backend whose memory is the host's. Subclasses add layouts and operations.
class HostBackend : public Backend {
  public:
    explicit HostBackend(Precision precision) noexcept : precision_(precision) {}

    Precision precision() const noexcept final { return precision_; }
    std::unique_ptr<Buffer> allocate(std::size_t count) override;

    void fill(Context&, Buffer& x, Range range, double value) override;
    void copy(Context&, const Buffer& from, std::size_t first, Buffer& to, Range range) override;
    void axpy(Context&, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) override;
    void scale(Context&, Buffer& x, std::span<const ScaledRange> ranges) override;
    void lerp(Context&, const Buffer& x, Buffer& y, std::span<const ScaledRange> ranges) override;
    double squared_norm(Context&, const Buffer& x, std::span<const Range> ranges) override;
    void adam(Context&, std::span<const AdamRange> ranges, const Buffer& gradient, Buffer& weights,
              Buffer& first_moment, Buffer& second_moment) override;
    void sgd(Context&, const SgdStep& step, std::span<const Range> ranges, const Buffer& gradient, Buffer& weights,
             Buffer& velocity) override;
    std::unique_ptr<SegmentMap> map_segments(std::span<const Segment> segments) override;
    void gather(Context&, const SegmentMap& map, const Buffer& shared, Buffer& local) override;

    std::unique_ptr<ExactSum> allocate_sum(std::size_t count, std::size_t addends) override;
    void clear(Context&, ExactSum& sum) override;
    void accumulate(Context&, const Buffer& x, std::size_t first, ExactSum& sum, Range range) override;
    void accumulate(Context&, const SegmentMap& map, const Buffer& local, ExactSum& sum) override;
    void to_floats(Context&, const ExactSum& sum, std::span<const ScaledRange> ranges, Buffer& to) override;
    void from_floats(Context&, const Buffer& from, ExactSum& sum, Range range) override;
    void read_words(Context&, const ExactSum& from, std::size_t first, std::span<std::int64_t> words) override;
    void write_words(Context&, ExactSum& to, std::size_t first, std::span<const std::int64_t> words) override;

  private:
    Precision precision_;
};

}  // namespace atnas::backend
