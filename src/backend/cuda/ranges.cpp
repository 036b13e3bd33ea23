// SPDX-License-Identifier: Apache-2.0
// The outer step: what is done to many blocks of the weights, each by one kernel however many blocks there are.
#include <algorithm>
#include <vector>

#include "cuda_backend.hpp"
#include "kernels/flat.hpp"
#include "launch.hpp"
#include "parts.hpp"

namespace atnas::backend::cuda {
namespace {

Range range_of(const Range& range) noexcept {
    return range;
}
template <class WithNumbers>
Range range_of(const WithNumbers& of) noexcept {
    return of.range;
}

/// \pre the ranges lie in \p array
template <class Ranged>
std::vector<Piece> pieces_of(std::span<const Ranged> ranges, const Buffer& array) {
    std::vector<Piece> pieces;
    for (std::size_t r = 0; r < ranges.size(); ++r) {
        const Range range = range_of(ranges[r]);
        ATNAS_EXPECT(range.first <= array.size() && range.count <= array.size() - range.first);
        for (std::size_t done = 0; done < range.count; done += Piece::most)
            pieces.push_back({range.first + done,
                              static_cast<unsigned>(std::min<std::size_t>(Piece::most, range.count - done)),
                              static_cast<unsigned>(r)});
    }
    return pieces;
}

std::vector<float> factors_of(std::span<const ScaledRange> ranges) {
    std::vector<float> factors;
    for (const ScaledRange& range : ranges) factors.push_back(range.factor);
    return factors;
}

/// What a kernel on pieces reads, in the working memory of the context.
template <class Value>
struct Tables {
    const Piece* pieces;
    const Value* values;  ///< one per range
    void* behind;         ///< room for more, aligned to 8 bytes
};

/// Brings both to the device by one copy.
template <class Value>
Tables<Value> placed(CudaContext& on, const std::vector<Piece>& pieces, const std::vector<Value>& values,
                     std::size_t behind = 0) {
    static_assert(sizeof(Piece) % alignof(Value) == 0 && alignof(Value) <= alignof(double));
    const std::size_t first_value = pieces.size() * sizeof(Piece);
    const std::size_t bytes = first_value + values.size() * sizeof(Value);
    const std::size_t first_behind = (bytes + alignof(double) - 1) / alignof(double) * alignof(double);
    auto* const staged = static_cast<std::byte*>(on.staging().take(bytes));
    std::copy(pieces.begin(), pieces.end(), reinterpret_cast<Piece*>(staged));
    std::copy(values.begin(), values.end(), reinterpret_cast<Value*>(staged + first_value));
    auto* const there = static_cast<std::byte*>(on.workspace(first_behind + behind));
    check(cudaMemcpyAsync(there, staged, bytes, cudaMemcpyHostToDevice, on.stream()), "cudaMemcpyAsync to the device");
    on.staging().queued(on.stream());
    return {reinterpret_cast<const Piece*>(there), reinterpret_cast<const Value*>(there + first_value),
            there + first_behind};
}

unsigned blocks_of(const std::vector<Piece>& pieces) noexcept {
    return static_cast<unsigned>(pieces.size());
}

}  // namespace

void CudaBackend::scale(Context& context, Buffer& x, std::span<const ScaledRange> ranges) {
    const std::vector<Piece> pieces = pieces_of(ranges, x);
    if (pieces.empty()) return;
    const auto tables = placed(cuda(context), pieces, factors_of(ranges));
    launch_blocks(cuda(context).stream(), blocks_of(pieces), "scale", cuda::scale, tables.pieces, tables.values,
                  whole(x));
}

void CudaBackend::lerp(Context& context, const Buffer& x, Buffer& y, std::span<const ScaledRange> ranges) {
    ATNAS_EXPECT(x.size() >= y.size());
    const std::vector<Piece> pieces = pieces_of(ranges, y);
    if (pieces.empty()) return;
    const auto tables = placed(cuda(context), pieces, factors_of(ranges));
    launch_blocks(cuda(context).stream(), blocks_of(pieces), "lerp", cuda::lerp, tables.pieces, tables.values, whole(x),
                  whole(y));
}

void CudaBackend::to_floats(Context& context, const ExactSum& sum, std::span<const ScaledRange> ranges, Buffer& to) {
    const std::vector<Piece> pieces = pieces_of(ranges, to);
    if (pieces.empty()) return;
    ATNAS_EXPECT(std::ranges::all_of(
        ranges, [&](const ScaledRange& part) { return part.range.first + part.range.count <= sum.words(); }));
    // Tables go through the host, which may have to wait: for other ranks, where a reduction is queued before.
    if (ranges.size() == 1 && ranges.front().factor == 1.0f) {
        const auto [first, count] = ranges.front().range;
        launch(cuda(context).stream(), count, "all_to_floats", cuda::all_to_floats,
               reinterpret_cast<const long long*>(sum.data()) + first, whole(to) + first, count);
        return;
    }
    const auto tables = placed(cuda(context), pieces, factors_of(ranges));
    launch_blocks(cuda(context).stream(), blocks_of(pieces), "to_floats", cuda::to_floats, tables.pieces, tables.values,
                  reinterpret_cast<const long long*>(sum.data()), whole(to));
}

void CudaBackend::adam(Context& context, std::span<const AdamRange> ranges, const Buffer& gradient, Buffer& weights,
                       Buffer& first_moment, Buffer& second_moment) {
    ATNAS_EXPECT(std::min({gradient.size(), first_moment.size(), second_moment.size()}) >= weights.size());
    const std::vector<Piece> pieces = pieces_of(ranges, weights);
    if (pieces.empty()) return;
    std::vector<AdamStep> steps;
    for (const AdamRange& range : ranges) steps.push_back(range.step);
    const auto tables = placed(cuda(context), pieces, steps);
    launch_blocks(cuda(context).stream(), blocks_of(pieces), "adam", cuda::adam, tables.pieces, tables.values,
                  whole(gradient), whole(weights), whole(first_moment), whole(second_moment));
}

void CudaBackend::sgd(Context& context, const SgdStep& step, std::span<const Range> ranges, const Buffer& gradient,
                      Buffer& weights, Buffer& velocity) {
    ATNAS_EXPECT(std::min(gradient.size(), velocity.size()) >= weights.size());
    const std::vector<Piece> pieces = pieces_of(ranges, weights);
    if (pieces.empty()) return;
    const auto tables = placed(cuda(context), pieces, std::vector<float>{});
    launch_blocks(cuda(context).stream(), blocks_of(pieces), "sgd", cuda::sgd, tables.pieces, step, whole(gradient),
                  whole(weights), whole(velocity));
}

double CudaBackend::squared_norm(Context& context, const Buffer& x, std::span<const Range> ranges) {
    CudaContext& on = cuda(context);
    const std::vector<Piece> pieces = pieces_of(ranges, x);
    if (pieces.empty()) return 0.0;
    const auto tables = placed(on, pieces, std::vector<float>{}, (pieces.size() + 1) * sizeof(double));
    auto* const partial = static_cast<double*>(tables.behind);
    double* const result = partial + pieces.size();
    launch_blocks(on.stream(), blocks_of(pieces), "squares", squares, tables.pieces, whole(x), partial);
    launch_blocks(on.stream(), 1, "add_partials", add_partials, partial, pieces.size(), result);
    auto* const staged = static_cast<double*>(on.staging().take(sizeof(double)));
    check(cudaMemcpyAsync(staged, result, sizeof(double), cudaMemcpyDeviceToHost, on.stream()),
          "cudaMemcpyAsync from the device");
    on.staging().queued(on.stream());
    on.finish();
    return *staged;
}

}  // namespace atnas::backend::cuda
