#include "direct_convolution.hpp"

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

}  // namespace

DirectConvolution::DirectConvolution(const ConvolutionShapes& shapes)
    : x_count_(count_31_bits(shapes.x)),
      weight_count_(count_31_bits(shapes.weight)),
      y_count_(count_31_bits(shapes.y)),
      sizes_(sizes_of(shapes)) {}

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
            return launch_blocks(context.stream(), weight_count_, "convolution_backward_filter",
                                 convolution_backward_filter, sizes_, x, y, weight);
    }
}

}  // namespace atnas::backend::cuda
