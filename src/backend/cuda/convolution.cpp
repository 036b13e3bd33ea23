#include "convolution.hpp"

#include <optional>
#include <variant>

#include <fmt/format.h>

#include "algorithm_cache.hpp"
#include "direct_convolution.hpp"
#include "dnn_convolution.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// How one direction is computed.
using Way = std::variant<Algorithm, DirectConvolution>;

/// The choice for one direction: an algorithm of cuDNN from the cache, or by a search that the cache remembers; the
/// direct convolution where there is none that the options allow.
class Chooser {
  public:
    Chooser(const CudaKit& kit, DnnConvolution& convolution, const ConvolutionShapes& shapes)
        : kit_(kit), convolution_(convolution), shapes_(shapes) {}

    Way choose(Direction direction) {
        if (kit_.options.algorithms == CudaAlgorithms::direct) return DirectConvolution(shapes_);
        const bool deterministic = kit_.options.algorithms == CudaAlgorithms::deterministic;
        const auto& choice = kit_.algorithms.choose(
            fmt::format("{}, {}, {}", convolution_.key(direction), deterministic ? "deterministic" : "fastest",
                        kit_.machine),
            [&] {
                return deterministic ? convolution_.deterministic(kit_.service, direction) : by_measurement(direction);
            },
            [&](const Algorithm& known) { return convolution_.verified(kit_.service, direction, known); });
        if (!choice) return DirectConvolution(shapes_);
        kit_.workspace.include(choice->workspace);
        return *choice;
    }

  private:
    std::optional<Algorithm> by_measurement(Direction direction) {
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
        return convolution_.fastest(kit_.service, direction, {x->data(), weight->data(), y->data()});
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
        run(context, Direction::forward, forward_, {t_.x.data, t_.weight.data, t_.y.data});
        if (t_.bias) convolution_.add_bias(cuda(context), t_.bias.data, t_.y.data);
    }

    void backward(Context& context) override {
        if (!t_.dy) return;
        if (t_.dx) run(context, Direction::backward_data, backward_data_, {t_.dx.data, t_.weight.data, t_.dy.data});
        if (t_.dweight)
            run(context, Direction::backward_filter, backward_filter_, {t_.x.data, t_.dweight.data, t_.dy.data});
        if (t_.dbias) convolution_.bias_gradient(cuda(context), t_.dy.data, t_.dbias.data);
    }

  private:
    void run(Context& context, Direction direction, const Way& way, const ConvolutionPlaces& places) {
        if (const auto* algorithm = std::get_if<Algorithm>(&way))
            convolution_.run(cuda(context), direction, *algorithm, places);
        else
            std::get<DirectConvolution>(way).run(cuda(context), direction, places);
    }

    ConvolutionTensors t_;
    DnnConvolution convolution_;
    Way forward_, backward_data_, backward_filter_;
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
