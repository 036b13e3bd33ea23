#include <fmt/format.h>

#include "algorithm_cache.hpp"
#include "atnas/core/error.hpp"
#include "dnn_convolution.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// The choice of an algorithm for one direction: from the cache, or by a search that the cache remembers.
class Chooser {
  public:
    Chooser(const CudaKit& kit, DnnConvolution& convolution, const ConvolutionShapes& shapes)
        : kit_(kit), convolution_(convolution), shapes_(shapes) {}

    Algorithm choose(Direction direction) {
        const bool deterministic = kit_.options.algorithms == CudaAlgorithms::deterministic;
        const std::string key = fmt::format("{}, {}, {}", convolution_.key(direction),
                                            deterministic ? "deterministic" : "fastest", kit_.machine);
        const Algorithm choice = kit_.algorithms.choose(
            key, [&] { return deterministic ? by_rule(key, direction) : by_measurement(key, direction); },
            [&](const Algorithm& known) { return convolution_.verified(kit_.service, direction, known); });
        kit_.workspace.include(choice.workspace);
        return choice;
    }

  private:
    Algorithm by_rule(const std::string& key, Direction direction) {
        if (const auto choice = convolution_.deterministic(kit_.service, direction)) return *choice;
        fail(key, "none of cuDNN's algorithms for it gives the same result every time",
             "set cuda.deterministic = false");
    }

    Algorithm by_measurement(const std::string& key, Direction direction) {
        // Not on the operation's own tensors: their memory is shared with other plans. Not on zeros: multiplying them
        // draws less power, and the clock rises.
        const auto ones = [&](const Shape& shape) {
            auto buffer = kit_.backend.allocate(shape.count());
            kit_.backend.fill(kit_.service, *buffer, {0, shape.count()}, 1.0);
            return buffer;
        };
        const auto x = ones(shapes_.x);
        const auto weight = ones(shapes_.weight);
        const auto y = ones(shapes_.y);
        if (const auto choice = convolution_.fastest(kit_.service, direction, {x->data(), weight->data(), y->data()}))
            return *choice;
        fail(key, "none of cuDNN's algorithms for it works", "set cuda.deterministic = true, or another backend");
    }

    [[noreturn]] static void fail(const std::string& key, const std::string& reason, const std::string& suggestion) {
        throw Error(ExitCode::failed, {"no convolution for '" + key + "'", reason, suggestion});
    }

    const CudaKit& kit_;
    DnnConvolution& convolution_;
    const ConvolutionShapes& shapes_;
};

class Convolution final : public Op {
  public:
    Convolution(const CudaKit& kit, const ConvolutionShapes& shapes, const ConvolutionTensors& tensors)
        : t_(tensors), convolution_(shapes, kit.options.tf32) {
        Chooser chooser(kit, convolution_, shapes);
        forward_ = chooser.choose(Direction::forward);
        if (t_.dy && t_.dx) backward_data_ = chooser.choose(Direction::backward_data);
        if (t_.dy && t_.dweight) backward_filter_ = chooser.choose(Direction::backward_filter);
    }

    void forward(Context& context) override {
        convolution_.run(cuda(context), Direction::forward, forward_, {t_.x.data, t_.weight.data, t_.y.data});
        if (t_.bias) convolution_.add_bias(cuda(context), t_.bias.data, t_.y.data);
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        if (t_.dx)
            convolution_.run(cuda(context), Direction::backward_data, backward_data_,
                             {t_.dx.data, t_.weight.data, t_.dy.data});
        if (t_.dweight)
            convolution_.run(cuda(context), Direction::backward_filter, backward_filter_,
                             {t_.x.data, t_.dweight.data, t_.dy.data});
        if (t_.dbias) convolution_.bias_gradient(cuda(context), t_.dy.data, t_.dbias.data);
    }

  private:
    ConvolutionTensors t_;
    DnnConvolution convolution_;
    Algorithm forward_, backward_data_, backward_filter_;
};

}  // namespace

std::unique_ptr<Op> make_convolution(const CudaKit& kit, const ConvolutionSpec& spec,
                                     const ConvolutionTensors& tensors) {
    const ConvolutionTensors& t = tensors;
    ATNAS_EXPECT(t.x && t.weight && t.y);
    ATNAS_EXPECT(spec.groups > 0 && t.x.shape.c % spec.groups == 0 && t.y.shape.c % spec.groups == 0);
    ATNAS_EXPECT(t.weight.shape.c == t.x.shape.c / spec.groups);
    return std::make_unique<Convolution>(kit, ConvolutionShapes{spec, t.x.shape, t.weight.shape, t.y.shape}, tensors);
}

}  // namespace atnas::backend::cuda
