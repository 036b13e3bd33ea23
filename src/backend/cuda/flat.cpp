// SPDX-License-Identifier: Apache-2.0
// Flat arrays and slices of the shared weights.
#include <algorithm>
#include <cstring>
#include <vector>

#include "cuda_backend.hpp"
#include "kernels/flat.hpp"
#include "launch.hpp"
#include "parts.hpp"

namespace atnas::backend::cuda {
namespace {

/// Memory of the pool for anything but floats.
class PoolMemory {
  public:
    PoolMemory(DevicePool& pool, std::size_t bytes) : pool_(pool), data_(pool.take(bytes)) {}
    ~PoolMemory() { pool_.give_back(data_); }
    PoolMemory(const PoolMemory&) = delete;
    PoolMemory& operator=(const PoolMemory&) = delete;
    void* data() const noexcept { return data_; }

  private:
    DevicePool& pool_;
    void* data_;
};

/// Segments no longer than a piece, so that the blocks of threads have about the same to do.
std::vector<Segment> cut(std::span<const Segment> segments) {
    std::vector<Segment> pieces;
    for (const auto& [shared, local, count] : segments)
        for (std::size_t done = 0; done < count; done += Piece::most)
            pieces.push_back({shared + done, local + done, std::min<std::size_t>(Piece::most, count - done)});
    return pieces;
}

class CudaSegments final : public SegmentMap {
  public:
    /// \pre no segment is longer than a piece
    CudaSegments(DevicePool& pool, CudaContext& context, std::span<const Segment> segments)
        : count_(static_cast<unsigned>(segments.size())), memory_(pool, segments.size_bytes()) {
        if (segments.empty()) return;
        void* const staged = context.staging().take(segments.size_bytes());
        std::memcpy(staged, segments.data(), segments.size_bytes());
        check(cudaMemcpyAsync(memory_.data(), staged, segments.size_bytes(), cudaMemcpyHostToDevice, context.stream()),
              "cudaMemcpyAsync to the device");
        context.staging().queued(context.stream());
        context.finish();
    }
    unsigned count() const noexcept { return count_; }
    const Segment* segments() const noexcept { return static_cast<const Segment*>(memory_.data()); }

  private:
    unsigned count_;
    PoolMemory memory_;
};

}  // namespace

void CudaBackend::fill(Context& context, Buffer& x, Range range, double value) {
    CudaContext& on = cuda(context);
    on.timed([&] {
        launch(on.stream(), range.count, "fill", cuda::fill, part(x, range), range.count, static_cast<float>(value));
    });
}

void CudaBackend::copy(Context& context, const Buffer& from, std::size_t first, Buffer& to, Range range) {
    CudaContext& on = cuda(context);
    const std::size_t bytes = range.count * sizeof(float);
    if (bytes == 0) return;
    const auto transfer = [&](const void* source, void* target) {
        check(cudaMemcpyAsync(target, source, bytes, cudaMemcpyDeviceToDevice, on.stream()),
              "cudaMemcpyAsync on the device");
    };
    const float* const source = part(from, {first, range.count});
    float* const target = part(to, range);
    const bool overlap = source < target + range.count && target < source + range.count;
    on.timed([&] {
        if (!overlap) return transfer(source, target);
        // CUDA does not say what a copy onto itself gives.
        void* const aside = on.workspace(bytes);
        transfer(source, aside);
        transfer(aside, target);
    });
}

void CudaBackend::axpy(Context& context, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) {
    CudaContext& on = cuda(context);
    on.timed([&] {
        launch(on.stream(), range.count, "axpy", cuda::axpy, static_cast<float>(a), part(x, {first, range.count}),
               part(y, range), range.count);
    });
}

std::unique_ptr<SegmentMap> CudaBackend::map_segments(std::span<const Segment> segments) {
    return std::make_unique<CudaSegments>(pool_, *service_, cut(segments));
}

void CudaBackend::gather(Context& context, const SegmentMap& map, const Buffer& shared, Buffer& local) {
    const auto& segments = static_cast<const CudaSegments&>(map);
    CudaContext& on = cuda(context);
    if (segments.count() == 0) return;
    on.timed([&] {
        launch_blocks(on.stream(), segments.count(), "gather", cuda::gather, segments.segments(), whole(shared),
                      whole(local));
    });
}

void CudaBackend::accumulate(Context& context, const SegmentMap& map, const Buffer& local, ExactSum& sum) {
    const auto& segments = static_cast<const CudaSegments&>(map);
    CudaContext& on = cuda(context);
    if (segments.count() == 0) return;
    on.timed([&] {
        launch_blocks(on.stream(), segments.count(), "accumulate_segments", accumulate_segments, segments.segments(),
                      whole(local), words_of(sum));
    });
}

}  // namespace atnas::backend::cuda
