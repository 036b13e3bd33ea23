#include "grid.cuh"
#include "wiring.hpp"

namespace atnas::backend::cuda {
namespace {

/// The compiler unrolls the loop, so that the list is never indexed by a variable: that would put a copy of it into
/// local memory.
__device__ float total(const Sources& sources, float sum, std::size_t i) {
    for (unsigned k = 0; k < Sources::most; ++k)
        if (k < sources.count) sum += sources.data[k][i];
    return sum;
}

}  // namespace

__global__ void add_sources(Sources sources, const float* before, float* y, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride())
        y[i] = total(sources, before != nullptr ? before[i] : 0.0f, i);
}

__global__ void fan_out_gradient(const float* x, Sources direct, Sources rectified, const float* before, float* dx,
                                 std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) {
        const float sum = total(direct, before != nullptr ? before[i] : 0.0f, i);
        dx[i] = x[i] > 0.0f ? sum + total(rectified, 0.0f, i) : sum;
    }
}

__global__ void relu(const float* x, float* y, std::size_t count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride()) y[i] = x[i] > 0.0f ? x[i] : 0.0f;
}

__global__ void subsample(HalfGrid grid, const float* x, float* y) {
    const unsigned count = grid.planes * grid.half_height * grid.half_width;
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const unsigned row = i / grid.half_width % grid.half_height * 2 + grid.offset;
        const unsigned column = i % grid.half_width * 2 + grid.offset;
        const unsigned plane = i / (grid.half_width * grid.half_height);
        const bool inside = row < grid.height && column < grid.width;
        y[i] = inside ? x[(plane * grid.height + row) * grid.width + column] : 0.0f;
    }
}

__global__ void subsample_gradient(HalfGrid grid, const float* dy, float* dx) {
    const unsigned count = grid.planes * grid.height * grid.width;
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const unsigned row = i / grid.width % grid.height;
        const unsigned column = i % grid.width;
        const unsigned plane = i / (grid.width * grid.height);
        const bool taken = row % 2 == grid.offset && column % 2 == grid.offset;
        dx[i] = taken ? dy[(plane * grid.half_height + row / 2) * grid.half_width + column / 2] : 0.0f;
    }
}

}  // namespace atnas::backend::cuda
