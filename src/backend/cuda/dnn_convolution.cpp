// SPDX-License-Identifier: Apache-2.0
#include "dnn_convolution.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tensors.hpp"

// cuDNN's headers warn of these functions only where CUDNN_WARN_DEPRECATED is defined.

namespace atnas::backend::cuda {
namespace {

/// More working memory than this is not given to one convolution, however fast it were: each context keeps its own.
constexpr std::size_t largest_workspace = std::size_t{128} << 20;

using Descriptors = ConvolutionDescriptors;
using Offer = AlgorithmOffer;
struct Workspace {
    void* data;
    std::size_t bytes;
};

/// To find nothing is no failure.
void check_search(cudnnStatus_t status, const char* call) {
    if (status != CUDNN_STATUS_NOT_SUPPORTED) check(status, call);
}

/// The functions of one direction under common names. plain: algorithms that compute the sums of products as they are
/// written and give the same bits every time, the best first.
struct Forward {
    using Number = cudnnConvolutionFwdAlgo_t;
    using Result = cudnnConvolutionFwdAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_FWD_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM,
                                      CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM, CUDNN_CONVOLUTION_FWD_ALGO_GEMM};

    static void list(cudnnHandle_t handle, const Descriptors& d, std::span<Result> results, int& found) {
        check_search(cudnnGetConvolutionForwardAlgorithm_v7(handle, d.x, d.weight, d.convolution, d.y,
                                                            static_cast<int>(results.size()), &found, results.data()),
                     "cudnnGetConvolutionForwardAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const Descriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionForwardAlgorithmEx(handle, d.x, p.x, d.weight, p.weight, d.convolution, d.y,
                                                            p.y, static_cast<int>(results.size()), &found,
                                                            results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionForwardAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const Descriptors& d, Number number, std::size_t& bytes) {
        return cudnnGetConvolutionForwardWorkspaceSize(handle, d.x, d.weight, d.convolution, d.y, number, &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionForward";
    static cudnnStatus_t run(cudnnHandle_t handle, const Descriptors& d, Number number, const ConvolutionPlaces& p,
                             Workspace w) {
        return cudnnConvolutionForward(handle, &one, d.x, p.x, d.weight, p.weight, d.convolution, number, w.data,
                                       w.bytes, &zero, d.y, p.y);
    }
};

struct BackwardData {
    using Number = cudnnConvolutionBwdDataAlgo_t;
    using Result = cudnnConvolutionBwdDataAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_BWD_DATA_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_BWD_DATA_ALGO_1};

    static void list(cudnnHandle_t handle, const Descriptors& d, std::span<Result> results, int& found) {
        check_search(
            cudnnGetConvolutionBackwardDataAlgorithm_v7(handle, d.weight, d.y, d.convolution, d.x,
                                                        static_cast<int>(results.size()), &found, results.data()),
            "cudnnGetConvolutionBackwardDataAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const Descriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionBackwardDataAlgorithmEx(handle, d.weight, p.weight, d.y, p.y, d.convolution,
                                                                 d.x, p.x, static_cast<int>(results.size()), &found,
                                                                 results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionBackwardDataAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const Descriptors& d, Number number, std::size_t& bytes) {
        return cudnnGetConvolutionBackwardDataWorkspaceSize(handle, d.weight, d.y, d.convolution, d.x, number, &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionBackwardData";
    static cudnnStatus_t run(cudnnHandle_t handle, const Descriptors& d, Number number, const ConvolutionPlaces& p,
                             Workspace w) {
        return cudnnConvolutionBackwardData(handle, &one, d.weight, p.weight, d.y, p.y, d.convolution, number, w.data,
                                            w.bytes, &zero, d.x, p.x);
    }
};

struct BackwardFilter {
    using Number = cudnnConvolutionBwdFilterAlgo_t;
    using Result = cudnnConvolutionBwdFilterAlgoPerf_t;
    static constexpr std::size_t algorithms = CUDNN_CONVOLUTION_BWD_FILTER_ALGO_COUNT;
    static constexpr std::array plain{CUDNN_CONVOLUTION_BWD_FILTER_ALGO_1};

    static void list(cudnnHandle_t handle, const Descriptors& d, std::span<Result> results, int& found) {
        check_search(
            cudnnGetConvolutionBackwardFilterAlgorithm_v7(handle, d.x, d.y, d.convolution, d.weight,
                                                          static_cast<int>(results.size()), &found, results.data()),
            "cudnnGetConvolutionBackwardFilterAlgorithm_v7");
    }
    static void measure(cudnnHandle_t handle, const Descriptors& d, const ConvolutionPlaces& p, Workspace w,
                        std::span<Result> results, int& found) {
        check_search(cudnnFindConvolutionBackwardFilterAlgorithmEx(handle, d.x, p.x, d.y, p.y, d.convolution, d.weight,
                                                                   p.weight, static_cast<int>(results.size()), &found,
                                                                   results.data(), w.data, w.bytes),
                     "cudnnFindConvolutionBackwardFilterAlgorithmEx");
    }
    static cudnnStatus_t ask_workspace(cudnnHandle_t handle, const Descriptors& d, Number number, std::size_t& bytes) {
        return cudnnGetConvolutionBackwardFilterWorkspaceSize(handle, d.x, d.y, d.convolution, d.weight, number,
                                                              &bytes);
    }
    static constexpr const char* call = "cudnnConvolutionBackwardFilter";
    static cudnnStatus_t run(cudnnHandle_t handle, const Descriptors& d, Number number, const ConvolutionPlaces& p,
                             Workspace w) {
        return cudnnConvolutionBackwardFilter(handle, &one, d.x, p.x, d.y, p.y, d.convolution, number, w.data, w.bytes,
                                              &zero, d.weight, p.weight);
    }
};

/// Calls fill(room for answers, number found) and returns the answers, best first. Every algorithm may come once for
/// each kind of arithmetic.
template <class Functions, class Fill>
std::vector<Offer> offers(Fill fill) {
    std::array<typename Functions::Result, 2 * Functions::algorithms> results{};
    int found = 0;
    fill(std::span<typename Functions::Result>(results), found);
    std::vector<Offer> all;
    for (const auto& result : std::span(results).first(static_cast<std::size_t>(found)))
        all.push_back({{result.algo, result.mathType, result.memory}, result.status, result.determinism});
    return all;
}

/// visit(functions of the direction)
template <class Visit>
auto with_functions(Direction direction, Visit visit) {
    switch (direction) {
        case Direction::backward_data:
            return visit(BackwardData{});
        case Direction::backward_filter:
            return visit(BackwardFilter{});
        case Direction::forward:
            break;
    }
    return visit(Forward{});
}

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
        std::erase_if(all, [](const Offer& offer) {
            return offer.status != CUDNN_STATUS_SUCCESS || offer.determinism != CUDNN_DETERMINISTIC;
        });
        // The plain ones to the front, in their order; cuDNN's own order says how fast it thinks they are.
        std::ranges::stable_sort(all, {}, [](const Offer& offer) {
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
    std::erase_if(all, [](const Offer& offer) { return offer.status != CUDNN_STATUS_SUCCESS; });
    return usable(context, direction, all);
}

std::vector<Algorithm> DnnConvolution::usable(CudaContext& context, Direction direction, std::span<const Offer> all) {
    std::vector<Algorithm> choices;
    for (const Offer& offer : all)
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
