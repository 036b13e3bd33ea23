// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Tensors for testing one operation on any backend: filled with the same numbers whatever the backend, kept, and read
/// back by name.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "atnas/backend/backend.hpp"

namespace atnas::test {

/// Which gradients an operation under test is asked for.
enum class Wanted { all, inputs, parameters, none };
inline std::string_view name_of(Wanted wanted) noexcept {
    constexpr std::string_view names[] = {"all", "inputs", "parameters", "none"};
    return names[static_cast<std::size_t>(wanted)];
}

/// A value and its gradient; the gradient has no data where it is not wanted.
struct Pair {
    backend::Tensor value;
    backend::Tensor gradient;
};

/// A named tensor that a test reads.
struct Probe {
    std::string name;
    backend::Tensor tensor;
};

/// Whatever an operation must overwrite starts as this, so that adding to it or leaving it alone shows.
inline constexpr double garbage = 777.0;

/// Makes the tensors of one operation and remembers their roles. The numbers depend on the order of the calls alone.
class OpBench {
  public:
    explicit OpBench(backend::Backend& backend, Wanted wanted = Wanted::all)
        : backend_(backend), wanted_(wanted), context_(backend.make_context()) {}

    backend::Backend& backend() noexcept { return backend_; }
    backend::Context& context() noexcept { return *context_; }

    /// Distinct values in (-1, 1.25) in random order, about evenly spread and none near zero: maxima and ReLUs have no
    /// ties, and sums do not cancel.
    std::vector<double> spread(std::size_t count) {
        std::vector<double> values(count);
        const double half_gap = 1.0 / static_cast<double>(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double jitter = 0.6 * (static_cast<double>(random_()) / 4294967296.0 - 0.5);
            const bool middle = 2 * i + 1 == count;
            double value = (2.0 * static_cast<double>(i) + 1.0 + (middle ? 0.5 : jitter)) * half_gap - 1.0;
            if (value > 0) value *= 1.25;
            // Rounded, so that both precisions start from the same number.
            values[i] = static_cast<double>(static_cast<float>(value));
        }
        for (std::size_t i = count; i > 1; --i) std::swap(values[i - 1], values[random_() % i]);
        return values;
    }

    /// A tensor that holds \p values. No gradient.
    backend::Tensor constant(const backend::Shape& shape, const std::vector<double>& values,
                             backend::Layout layout = backend::Layout::plain) {
        buffers_.push_back(backend_.allocate(backend_.storage(shape, layout)));
        const backend::Tensor tensor{shape, layout, buffers_.back()->data()};
        backend_.write(*context_, tensor, std::span<const double>(values));
        return tensor;
    }

    /// What the operation reads and may differentiate by.
    Pair input(const std::string& name, const backend::Shape& shape, backend::Layout layout) {
        return differentiable(name, shape, layout, wanted_ == Wanted::all || wanted_ == Wanted::inputs);
    }
    Pair parameter(const std::string& name, const backend::Shape& shape) {
        return differentiable(name, shape, backend::Layout::plain,
                              wanted_ == Wanted::all || wanted_ == Wanted::parameters);
    }

    /// What the operation writes, with the gradient that reaches it.
    Pair output(const std::string& name, const backend::Shape& shape, backend::Layout layout) {
        return consumed({name, result(name, shape, layout)});
    }
    /// Something written without a gradient of its own.
    backend::Tensor result(const std::string& name, const backend::Shape& shape,
                           backend::Layout layout = backend::Layout::plain) {
        const auto tensor = constant(shape, std::vector<double>(shape.count(), garbage), layout);
        outputs.push_back({name, tensor});
        return tensor;
    }
    /// A consumer of \p value: makes the gradient it sends back and adds their product to the scalar.
    Pair consumed(const Probe& value) {
        const auto weights = spread(value.tensor.shape.count());
        const bool none = wanted_ == Wanted::none;
        const auto gradient = none ? backend::Tensor{} : constant(value.tensor.shape, weights, value.tensor.layout);
        project(value, weights);
        if (!none) unchanged.push_back({{"d" + value.name, gradient}, weights});
        return {value.tensor, gradient};
    }
    /// Adds weights . value to the scalar.
    void project(const Probe& value, const std::vector<double>& weights) { projections_.emplace_back(value, weights); }

    std::vector<double> read(const backend::Tensor& tensor) {
        std::vector<double> values(tensor.shape.count());
        backend_.read(*context_, tensor, std::span<double>(values));
        return values;
    }
    void write(const backend::Tensor& tensor, const std::vector<double>& values) {
        backend_.write(*context_, tensor, std::span<const double>(values));
    }

    /// The function whose gradient backward() computes: fixed random weights times every output.
    double scalar() {
        double sum = 0;
        for (const auto& [value, weights] : projections_) {
            const auto values = read(value.tensor);
            sum = std::inner_product(values.begin(), values.end(), weights.begin(), sum);
        }
        return sum;
    }

    std::vector<Probe> inputs;     ///< whose gradients are wanted, in the order of gradients
    std::vector<Probe> gradients;  ///< "d" + name
    std::vector<Probe> outputs;
    /// What the operation may only read, others may share it.
    std::vector<std::pair<Probe, std::vector<double>>> unchanged;

  private:
    Pair differentiable(const std::string& name, const backend::Shape& shape, backend::Layout layout, bool wanted) {
        const auto values = spread(shape.count());
        Pair pair{constant(shape, values, layout), {}};
        unchanged.push_back({{name, pair.value}, values});
        if (!wanted) return pair;
        pair.gradient = constant(shape, std::vector<double>(shape.count(), garbage), layout);
        inputs.push_back({name, pair.value});
        gradients.push_back({"d" + name, pair.gradient});
        return pair;
    }

    backend::Backend& backend_;
    Wanted wanted_;
    std::unique_ptr<backend::Context> context_;
    std::mt19937 random_{20};
    std::vector<std::unique_ptr<backend::Buffer>> buffers_;
    std::vector<std::pair<Probe, std::vector<double>>> projections_;
};

}  // namespace atnas::test
