// SPDX-License-Identifier: Apache-2.0
#include "convolution.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "algorithm_cache.hpp"
#include "atnas/core/log.hpp"
#include "direct_convolution.hpp"
#include "dnn_convolution.hpp"
#include "ops.hpp"
#include "tensors.hpp"

namespace atnas::backend::cuda {
namespace {

/// How one direction is computed.
using Way = std::variant<Algorithm, DirectConvolution>;

/// Tensors to try algorithms on. Not the operation's own: their memory is shared with other plans. Not zeros:
/// multiplying them draws less power, and the clock rises.
class Scratch {
  public:
    Scratch(const CudaKit& kit, const ConvolutionShapes& shapes)
        : x_(ones(kit, shapes.x)), weight_(ones(kit, shapes.weight)), y_(ones(kit, shapes.y)) {}
    ConvolutionPlaces places() const noexcept { return {x_->data(), weight_->data(), y_->data()}; }

  private:
    static std::unique_ptr<Buffer> ones(const CudaKit& kit, const Shape& shape) {
        auto buffer = kit.backend.allocate(shape.count());
        kit.backend.fill(kit.service, *buffer, {0, shape.count()}, 1.0);
        return buffer;
    }
    std::unique_ptr<Buffer> x_, weight_, y_;
};

/// The choice for one direction: an algorithm of cuDNN from the cache, or by a search that the cache remembers; the
/// direct convolution where there is none that the options allow and that runs.
class Chooser {
  public:
    Chooser(const CudaKit& kit, DnnConvolution& convolution, const ConvolutionShapes& shapes)
        : kit_(kit), convolution_(convolution), shapes_(shapes) {}

    Way choose(Direction direction) {
        if (kit_.library == ConvolutionLibrary::direct) return direct(direction);
        const bool deterministic = kit_.options.algorithms == CudaAlgorithms::deterministic;
        const auto& choice = kit_.algorithms.choose(
            fmt::format("{}, {}, {}", convolution_.key(direction), deterministic ? "deterministic" : "fastest",
                        kit_.machine),
            [&] {
                return first_that_runs(
                    direction, deterministic ? convolution_.deterministic(kit_.service, direction)
                                             : convolution_.fastest(kit_.service, direction, scratch().places()));
            },
            [&](const Algorithm& known) -> std::optional<Algorithm> {
                const auto checked = convolution_.verified(kit_.service, direction, known);
                return checked ? first_that_runs(direction, {*checked}) : checked;
            });
        if (!choice) return direct(direction);
        kit_.workspace.include(choice->workspace);
        return *choice;
    }

  private:
    std::optional<Algorithm> first_that_runs(Direction direction, const std::vector<Algorithm>& candidates) {
        for (const Algorithm& candidate : candidates) {
            const std::string failure = convolution_.failure_of(kit_.service, direction, candidate, scratch().places());
            if (failure.empty()) return candidate;
            local_log().warn("cuDNN offers algorithm {} for {}, but it failed ({}): another one is taken",
                             candidate.number, convolution_.key(direction), failure);
        }
        return {};
    }
    DirectConvolution direct(Direction direction) const {
        const DirectConvolution convolution(shapes_);
        kit_.workspace.include(convolution.workspace(direction));
        return convolution;
    }
    const Scratch& scratch() { return scratch_ ? *scratch_ : scratch_.emplace(kit_, shapes_); }

    const CudaKit& kit_;
    DnnConvolution& convolution_;
    const ConvolutionShapes& shapes_;
    std::optional<Scratch> scratch_;  ///< once something is tried
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
