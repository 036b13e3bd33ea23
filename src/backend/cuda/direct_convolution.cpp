// SPDX-License-Identifier: Apache-2.0
#include "direct_convolution.hpp"

#include <algorithm>

#include "launch.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

unsigned size(int value) noexcept {
    return static_cast<unsigned>(value);
}

ConvolutionSizes sizes_of(const ConvolutionShapes& shapes) noexcept {
    const auto& [spec, x, weight, y] = shapes;
    return {
        .images = size(x.n),
        .inputs = size(x.c),
        .outputs = size(y.c),
        .group_inputs = size(weight.c),
        .group_outputs = size(y.c / spec.groups),
        .rows = {size(x.h), size(y.h), size(weight.h), size(spec.stride.h), size(spec.pad.h), size(spec.dilation.h)},
        .columns = {size(x.w), size(y.w), size(weight.w), size(spec.stride.w), size(spec.pad.w),
                    size(spec.dilation.w)}};
}

/// As many as keep a device busy where the filter has few elements, that of a depthwise convolution for one; each with
/// enough to add. By the shape alone, and with it the order of sums.
FilterSlices slices_of(const ConvolutionSizes& sizes, unsigned weights) noexcept {
    constexpr unsigned blocks = 2048;
    constexpr unsigned fewest_values = 8 * block_threads;
    const auto parts = [](unsigned count, unsigned size) { return (count + size - 1) / size; };
    const unsigned count = sizes.images * sizes.rows.out * sizes.columns.out;
    const unsigned length = parts(count, std::clamp(blocks / weights, 1U, parts(count, fewest_values)));
    return {parts(count, length), length};
}

}  // namespace

DirectConvolution::DirectConvolution(const ConvolutionShapes& shapes)
    : x_count_(count_31_bits(shapes.x)),
      weight_count_(count_31_bits(shapes.weight)),
      y_count_(count_31_bits(shapes.y)),
      sizes_(sizes_of(shapes)),
      slices_(slices_of(sizes_, weight_count_)) {}

std::size_t DirectConvolution::workspace(Direction direction) const noexcept {
    const bool partial = direction == Direction::backward_filter && slices_.count > 1;
    return partial ? std::size_t{weight_count_} * slices_.count * sizeof(double) : 0;
}

void DirectConvolution::run(CudaContext& context, Direction direction, const ConvolutionPlaces& places) const {
    auto* const x = static_cast<float*>(places.x);
    auto* const weight = static_cast<float*>(places.weight);
    auto* const y = static_cast<float*>(places.y);
    switch (direction) {
        case Direction::forward:
            return launch(context.stream(), y_count_, "convolution_forward", convolution_forward, sizes_, x, weight, y);
        case Direction::backward_data:
            return launch(context.stream(), x_count_, "convolution_backward_data", convolution_backward_data, sizes_,
                          weight, y, x);
        case Direction::backward_filter:
            break;
    }
    const std::size_t bytes = workspace(direction);
    auto* const partial = bytes > 0 ? static_cast<double*>(context.workspace(bytes)) : nullptr;
    launch_blocks(context.stream(), weight_count_ * slices_.count, "convolution_backward_filter",
                  convolution_backward_filter, sizes_, slices_, x, y, partial, weight);
    if (partial != nullptr)
        launch(context.stream(), weight_count_, "convolution_add_slices", convolution_add_slices, slices_, partial,
               weight, weight_count_);
}

}  // namespace atnas::backend::cuda
