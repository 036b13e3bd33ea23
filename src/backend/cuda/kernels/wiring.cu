// SPDX-License-Identifier: Apache-2.0
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

/// Where an element of a row is among the parts, and in y.
struct PartPlace {
    float* part;  ///< null where it is left out
    unsigned in_part, in_y;
};

/// \p i counts the elements of the parts, row by row.
__device__ PartPlace place_of(const Parts& parts, unsigned i) {
    // Unrolled, as above.
    unsigned width = 0;
    for (unsigned k = 0; k < Parts::most; ++k)
        if (k < parts.count) width = parts.end[k] - parts.begin;
    const unsigned image = i / width;
    const unsigned column = parts.begin + i % width;
    PartPlace place{nullptr, 0, image * parts.row + column};
    unsigned begin = parts.begin;
    for (unsigned k = 0; k < Parts::most; ++k)
        if (k < parts.count) {
            if (column >= begin && column < parts.end[k]) {
                place.part = parts.data[k];
                place.in_part = image * (parts.end[k] - begin) + column - begin;
            }
            begin = parts.end[k];
        }
    return place;
}

__device__ unsigned elements_of(const Parts& parts, unsigned images) {
    unsigned end = parts.begin;
    for (unsigned k = 0; k < Parts::most; ++k)
        if (k < parts.count) end = parts.end[k];
    return images * (end - parts.begin);
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

__global__ void scale_images(const float* factors, const float* x, unsigned row, float* y, unsigned count) {
    for (std::size_t i = first_element(); i < count; i += grid_stride())
        y[i] = factors[static_cast<unsigned>(i) / row] * x[i];
}

__global__ void join_parts(Parts parts, unsigned images, float* y) {
    const unsigned count = elements_of(parts, images);
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const PartPlace place = place_of(parts, i);
        if (place.part != nullptr) y[place.in_y] = place.part[place.in_part];
    }
}

__global__ void split_parts(Parts parts, unsigned images, const float* y) {
    const unsigned count = elements_of(parts, images);
    for (auto i = static_cast<unsigned>(first_element()); i < count; i += static_cast<unsigned>(grid_stride())) {
        const PartPlace place = place_of(parts, i);
        if (place.part != nullptr) place.part[place.in_part] = y[place.in_y];
    }
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
