// Flat arrays and slices of the shared weights.
#include <algorithm>
#include <cstring>
#include <vector>

#include "atnas/core/contract.hpp"
#include "cuda_backend.hpp"
#include "kernels/flat.hpp"
#include "launch.hpp"

namespace atnas::backend::cuda {
namespace {

/// Blocks for the sum of squares of \p count elements: by their number alone, so that the order of the sum is fixed.
unsigned sum_blocks(std::size_t count) noexcept {
    constexpr std::size_t elements_per_block = 16 * threads_per_block;
    return static_cast<unsigned>(std::clamp<std::size_t>(count / elements_per_block, 1, 64));
}

float* part(Buffer& buffer, Range range) noexcept {
    ATNAS_EXPECT(range.first <= buffer.size() && range.count <= buffer.size() - range.first);
    return static_cast<float*>(buffer.data()) + range.first;
}
const float* part(const Buffer& buffer, Range range) noexcept {
    ATNAS_EXPECT(range.first <= buffer.size() && range.count <= buffer.size() - range.first);
    return static_cast<const float*>(buffer.data()) + range.first;
}

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

class CudaSegments final : public SegmentMap {
  public:
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
    launch(cuda(context).stream(), range.count, "fill", cuda::fill, part(x, range), range.count,
           static_cast<float>(value));
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
    if (!overlap) return transfer(source, target);
    // CUDA does not say what a copy onto itself gives.
    void* const aside = on.workspace(bytes);
    transfer(source, aside);
    transfer(aside, target);
}

void CudaBackend::axpy(Context& context, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) {
    launch(cuda(context).stream(), range.count, "axpy", cuda::axpy, static_cast<float>(a),
           part(x, {first, range.count}), part(y, range), range.count);
}

void CudaBackend::scale(Context& context, Buffer& x, Range range, double factor) {
    launch(cuda(context).stream(), range.count, "scale", cuda::scale, part(x, range), range.count,
           static_cast<float>(factor));
}

double CudaBackend::squared_norm(Context& context, const Buffer& x, std::span<const Range> ranges) {
    CudaContext& on = cuda(context);
    std::size_t count = 0;
    for (const Range& range : ranges) count += sum_blocks(range.count);
    const std::size_t bytes = (count + 1) * sizeof(double);
    auto* const partial = static_cast<double*>(on.workspace(bytes));
    double* slot = partial;
    for (const Range& range : ranges) {
        launch_blocks(on.stream(), sum_blocks(range.count), "squares", squares, part(x, range), range.count, slot);
        slot += sum_blocks(range.count);
    }
    launch_blocks(on.stream(), 1, "add_partials", add_partials, partial, count, partial + count);
    auto* const staged = static_cast<double*>(on.staging().take(sizeof(double)));
    check(cudaMemcpyAsync(staged, partial + count, sizeof(double), cudaMemcpyDeviceToHost, on.stream()),
          "cudaMemcpyAsync from the device");
    on.staging().queued(on.stream());
    on.finish();
    return *staged;
}

void CudaBackend::adam(Context& context, const AdamStep& step, const Buffer& gradient, Buffer& weights,
                       Buffer& first_moment, Buffer& second_moment, Range range) {
    launch(cuda(context).stream(), range.count, "adam", cuda::adam, step, part(gradient, range), part(weights, range),
           part(first_moment, range), part(second_moment, range), range.count);
}

std::unique_ptr<SegmentMap> CudaBackend::map_segments(std::span<const Segment> segments) {
    return std::make_unique<CudaSegments>(pool_, *service_, segments);
}

void CudaBackend::gather(Context& context, const SegmentMap& map, const Buffer& shared, Buffer& local) {
    const auto& segments = static_cast<const CudaSegments&>(map);
    if (segments.count() > 0)
        launch_blocks(cuda(context).stream(), segments.count(), "gather", cuda::gather, segments.segments(),
                      static_cast<const float*>(shared.data()), static_cast<float*>(local.data()));
}

void CudaBackend::scatter(Context& context, const SegmentMap& map, double a, const Buffer& local, Buffer& shared) {
    const auto& segments = static_cast<const CudaSegments&>(map);
    if (segments.count() > 0)
        launch_blocks(cuda(context).stream(), segments.count(), "scatter", cuda::scatter, segments.segments(),
                      static_cast<float>(a), static_cast<const float*>(local.data()),
                      static_cast<float*>(shared.data()));
}

}  // namespace atnas::backend::cuda
