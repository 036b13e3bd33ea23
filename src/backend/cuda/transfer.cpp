// SPDX-License-Identifier: Apache-2.0
// Values between host and device: always through page-locked memory, so that the host need not wait for the device.
#include <algorithm>

#include "atnas/core/contract.hpp"
#include "cuda_backend.hpp"

namespace atnas::backend::cuda {
namespace {

/// Values that travel at a time.
constexpr std::size_t piece = std::size_t{1} << 20;

template <class T>
void write_values(CudaContext& context, const Tensor& to, std::span<const T> values) {
    ATNAS_EXPECT(values.size() == to.shape.count());
    for (std::size_t first = 0; first < values.size(); first += piece) {
        const auto part = values.subspan(first, std::min(piece, values.size() - first));
        auto* const staged = static_cast<float*>(context.staging().take(part.size() * sizeof(float)));
        std::transform(part.begin(), part.end(), staged, [](T value) { return static_cast<float>(value); });
        context.timed([&] {
            check(cudaMemcpyAsync(static_cast<float*>(to.data) + first, staged, part.size() * sizeof(float),
                                  cudaMemcpyHostToDevice, context.stream()),
                  "cudaMemcpyAsync to the device");
        });
        context.staging().queued(context.stream());
    }
}

template <class T>
void read_values(CudaContext& context, const Tensor& from, std::span<T> values) {
    ATNAS_EXPECT(values.size() == from.shape.count());
    for (std::size_t first = 0; first < values.size(); first += piece) {
        const auto part = values.subspan(first, std::min(piece, values.size() - first));
        auto* const staged = static_cast<float*>(context.staging().take(part.size() * sizeof(float)));
        context.timed([&] {
            check(cudaMemcpyAsync(staged, static_cast<const float*>(from.data) + first, part.size() * sizeof(float),
                                  cudaMemcpyDeviceToHost, context.stream()),
                  "cudaMemcpyAsync from the device");
        });
        context.staging().queued(context.stream());
        context.finish();
        std::transform(staged, staged + part.size(), part.begin(), [](float value) { return static_cast<T>(value); });
    }
}

}  // namespace

void CudaBackend::write(Context& context, const Tensor& to, std::span<const float> values) {
    write_values(cuda(context), to, values);
}
void CudaBackend::write(Context& context, const Tensor& to, std::span<const double> values) {
    write_values(cuda(context), to, values);
}
void CudaBackend::read(Context& context, const Tensor& from, std::span<float> values) {
    read_values(cuda(context), from, values);
}
void CudaBackend::read(Context& context, const Tensor& from, std::span<double> values) {
    read_values(cuda(context), from, values);
}

}  // namespace atnas::backend::cuda
