// SPDX-License-Identifier: Apache-2.0
#include "dnn_convolution.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "dnn_directions.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// More working memory than this is not given to one convolution, however fast it were: each context keeps its own.
constexpr std::size_t largest_workspace = std::size_t{128} << 20;

/// Whether the options allow a kind of arithmetic that cuDNN offers. FMA is float32 throughout; the others may use
/// TF32 on an A100 and later; never one that converts float32 to half precision.
bool allowed(int math, Tf32 tf32) noexcept {
    if (tf32 == Tf32::no) return math == CUDNN_FMA_MATH;
    return math == CUDNN_FMA_MATH || math == CUDNN_DEFAULT_MATH || math == CUDNN_TENSOR_OP_MATH;
}

FilterDescriptor describe_filter(const Shape& shape) {
    auto descriptor = make<FilterDescriptor>(cudnnCreateFilterDescriptor, "cudnnCreateFilterDescriptor");
    check(cudnnSetFilter4dDescriptor(descriptor.get(), CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, shape.n, shape.c, shape.h,
                                     shape.w),
          "cudnnSetFilter4dDescriptor");
    return descriptor;
}

ConvolutionDescriptor describe_convolution(const ConvolutionSpec& spec) {
    auto descriptor = make<ConvolutionDescriptor>(cudnnCreateConvolutionDescriptor, "cudnnCreateConvolutionDescriptor");
    check(cudnnSetConvolution2dDescriptor(descriptor.get(), spec.pad.h, spec.pad.w, spec.stride.h, spec.stride.w,
                                          spec.dilation.h, spec.dilation.w, CUDNN_CROSS_CORRELATION, CUDNN_DATA_FLOAT),
          "cudnnSetConvolution2dDescriptor");
    check(cudnnSetConvolutionGroupCount(descriptor.get(), spec.groups), "cudnnSetConvolutionGroupCount");
    return descriptor;
}

std::string text(const Shape& shape) {
    return fmt::format("{}x{}x{}x{}", shape.n, shape.c, shape.h, shape.w);
}
std::string text(const Extent& extent) {
    return fmt::format("{}x{}", extent.h, extent.w);
}
const char* text(Direction direction) {
    constexpr std::array names{"forward", "backward data", "backward filter"};
    return names[static_cast<std::size_t>(direction)];
}

}  // namespace

DnnConvolution::DnnConvolution(const ConvolutionShapes& shapes, Tf32 tf32)
    : shapes_(shapes),
      tf32_(tf32),
      x_(describe(shapes.x)),
      y_(describe(shapes.y)),
      bias_(describe({1, shapes.y.c, 1, 1})),
      weight_(describe_filter(shapes.weight)),
      convolution_(describe_convolution(shapes.spec)) {}

void DnnConvolution::set_math(int math) {
    if (math == math_) return;
    check(cudnnSetConvolutionMathType(convolution_.get(), static_cast<cudnnMathType_t>(math)),
          "cudnnSetConvolutionMathType");
    math_ = math;
}

int DnnConvolution::widest_math() const noexcept {
    return tf32_ == Tf32::yes ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH;
}

std::vector<Algorithm> DnnConvolution::deterministic(CudaContext& context, Direction direction) {
    set_math(widest_math());
    const auto offered = with_functions(direction, [&]<class Functions>(Functions) {
        auto all = offers<Functions>(
            [&](auto results, int& found) { Functions::list(context.dnn(), descriptors(), results, found); });
        std::erase_if(all, [](const AlgorithmOffer& offer) {
            return offer.status != CUDNN_STATUS_SUCCESS || offer.determinism != CUDNN_DETERMINISTIC;
        });
        // The plain ones to the front, in their order; cuDNN's own order says how fast it thinks they are.
        std::ranges::stable_sort(all, {}, [](const AlgorithmOffer& offer) {
            return std::ranges::find(Functions::plain, offer.algorithm.number) - Functions::plain.begin();
        });
        return all;
    });
    return usable(context, direction, offered);
}

std::vector<Algorithm> DnnConvolution::fastest(CudaContext& context, Direction direction,
                                               const ConvolutionPlaces& scratch) {
    set_math(widest_math());
    const std::size_t bytes = most_workspace(context, direction);
    const Workspace workspace{context.workspace(bytes), bytes};
    auto all = with_functions(direction, [&]<class Functions>(Functions) {
        return offers<Functions>([&](auto results, int& found) {
            Functions::measure(context.dnn(), descriptors(), scratch, workspace, results, found);
        });
    });
    std::erase_if(all, [](const AlgorithmOffer& offer) { return offer.status != CUDNN_STATUS_SUCCESS; });
    return usable(context, direction, all);
}

std::vector<Algorithm> DnnConvolution::usable(CudaContext& context, Direction direction,
                                              std::span<const AlgorithmOffer> all) {
    std::vector<Algorithm> choices;
    for (const AlgorithmOffer& offer : all)
        if (const auto choice = verified(context, direction, offer.algorithm)) choices.push_back(*choice);
    return choices;
}

std::size_t DnnConvolution::most_workspace(CudaContext& context, Direction direction) {
    return with_functions(direction, [&]<class Functions>(Functions) {
        std::size_t most = 0;
        for (std::size_t k = 0; k < Functions::algorithms; ++k) {
            std::size_t bytes = 0;
            const auto number = static_cast<typename Functions::Number>(k);
            if (Functions::ask_workspace(context.dnn(), descriptors(), number, bytes) == CUDNN_STATUS_SUCCESS &&
                bytes <= largest_workspace)
                most = std::max(most, bytes);
        }
        return most;
    });
}

std::optional<Algorithm> DnnConvolution::verified(CudaContext& context, Direction direction, const Algorithm& choice) {
    // Asked for FMA a library may report "default": used with FMA it stays float32.
    const int math = tf32_ == Tf32::no && choice.math == CUDNN_DEFAULT_MATH ? CUDNN_FMA_MATH : choice.math;
    if (!allowed(math, tf32_)) return {};
    std::size_t bytes = 0;
    const cudnnStatus_t status = with_functions(direction, [&]<class Functions>(Functions) {
        if (choice.number < 0 || static_cast<std::size_t>(choice.number) >= Functions::algorithms)
            return CUDNN_STATUS_NOT_SUPPORTED;
        set_math(math);
        const auto number = static_cast<typename Functions::Number>(choice.number);
        return Functions::ask_workspace(context.dnn(), descriptors(), number, bytes);
    });
    if (status != CUDNN_STATUS_SUCCESS || bytes > largest_workspace) return {};
    return Algorithm{choice.number, math, bytes};
}

cudnnStatus_t DnnConvolution::queue(CudaContext& context, Direction direction, const Algorithm& algorithm,
                                    const ConvolutionPlaces& places) {
    set_math(algorithm.math);
    const Workspace workspace{algorithm.workspace > 0 ? context.workspace(algorithm.workspace) : nullptr,
                              algorithm.workspace};
    return with_functions(direction, [&]<class Functions>(Functions) {
        const auto number = static_cast<typename Functions::Number>(algorithm.number);
        return Functions::run(context.dnn(), descriptors(), number, places, workspace);
    });
}

void DnnConvolution::run(CudaContext& context, Direction direction, const Algorithm& algorithm,
                         const ConvolutionPlaces& places) {
    check(queue(context, direction, algorithm, places),
          with_functions(direction, [](auto functions) { return functions.call; }));
}

std::string DnnConvolution::failure_of(CudaContext& context, Direction direction, const Algorithm& algorithm,
                                       const ConvolutionPlaces& scratch) {
    const cudnnStatus_t status = queue(context, direction, algorithm, scratch);
    // A lost device is no fault of the algorithm: this throws. Lesser errors must not be found by who asks later.
    context.finish();
    if (status == CUDNN_STATUS_SUCCESS) return {};
    static_cast<void>(cudaGetLastError());
    return text_of(status);
}

void DnnConvolution::add_bias(CudaContext& context, const void* bias, void* y) {
    check(cudnnAddTensor(context.dnn(), &one, bias_.get(), bias, &one, y_.get(), y), "cudnnAddTensor");
}

void DnnConvolution::bias_gradient(CudaContext& context, const void* dy, void* dbias) {
    check(cudnnConvolutionBackwardBias(context.dnn(), &one, y_.get(), dy, &zero, bias_.get(), dbias),
          "cudnnConvolutionBackwardBias");
}

std::string DnnConvolution::key(Direction direction) const {
    const ConvolutionSpec& spec = shapes_.spec;
    return fmt::format("{} x {} weight {} y {} stride {} pad {} dilation {} groups {} {}", text(direction),
                       text(shapes_.x), text(shapes_.weight), text(shapes_.y), text(spec.stride), text(spec.pad),
                       text(spec.dilation), spec.groups, tf32_ == Tf32::yes ? "tf32" : "float32");
}

ConvolutionDescriptors DnnConvolution::descriptors() const noexcept {
    return {x_.get(), weight_.get(), y_.get(), convolution_.get()};
}

}  // namespace atnas::backend::cuda
