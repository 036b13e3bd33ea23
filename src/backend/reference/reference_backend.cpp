// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <type_traits>
#include <vector>

#include "atnas/backend/factories.hpp"
#include "atnas/backend/host_backend.hpp"
#include "atnas/core/contract.hpp"
#include "atnas/core/timer.hpp"
#include "ops.hpp"

namespace atnas::backend {

namespace {

class NoContext final : public Context {};

template <class T>
class ReferenceBackend final : public HostBackend {
  public:
    ReferenceBackend() noexcept : HostBackend(std::is_same_v<T, float> ? Precision::f32 : Precision::f64) {}

    std::string description() const override {
        return std::is_same_v<T, float> ? "reference (plain loops, float32)" : "reference (plain loops, float64)";
    }
    double measure_peak(double seconds) override;
    std::unique_ptr<Context> make_context() override { return std::make_unique<NoContext>(); }
    std::size_t storage(const Shape& shape, Layout) const noexcept override { return shape.count(); }

    void write(Context&, const Tensor& to, std::span<const float> from) override {
        convert(from, reference::values<T>(to));
    }
    void write(Context&, const Tensor& to, std::span<const double> from) override {
        convert(from, reference::values<T>(to));
    }
    void read(Context&, const Tensor& from, std::span<float> to) override {
        convert(std::span<const T>(reference::values<T>(from)), to);
    }
    void read(Context&, const Tensor& from, std::span<double> to) override {
        convert(std::span<const T>(reference::values<T>(from)), to);
    }

    std::unique_ptr<Op> convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) override {
        return reference::make_convolution<T>(spec, tensors);
    }
    std::unique_ptr<Op> pool(const PoolSpec& spec, const PoolTensors& tensors) override {
        return reference::make_pool<T>(spec, tensors);
    }
    std::unique_ptr<Op> norm(const NormSpec& spec, const NormTensors& tensors) override {
        return reference::make_norm<T>(spec, tensors);
    }
    std::unique_ptr<Op> fan_out(const FanOutTensors& tensors) override { return reference::make_fan_out<T>(tensors); }
    std::unique_ptr<Op> sum(const SumTensors& tensors) override { return reference::make_sum<T>(tensors); }
    std::unique_ptr<Op> image_scale(const ImageScaleTensors& tensors) override {
        return reference::make_image_scale<T>(tensors);
    }
    std::unique_ptr<Op> subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) override {
        return reference::make_subsample<T>(spec, tensors);
    }
    std::unique_ptr<Op> concat(const ConcatTensors& tensors) override { return reference::make_concat<T>(tensors); }
    std::unique_ptr<Op> flatten(const FlattenTensors& tensors) override { return reference::make_flatten<T>(tensors); }
    std::unique_ptr<Op> feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors) override {
        return reference::make_feature_scale<T>(spec, tensors);
    }
    std::unique_ptr<Op> linear(const LinearTensors& tensors) override { return reference::make_linear<T>(tensors); }
    std::unique_ptr<Op> softmax_loss(const LossTensors& tensors) override {
        return reference::make_softmax_loss<T>(tensors);
    }
    std::unique_ptr<Op> prototype_head(const PrototypeSpec& spec, const PrototypeTensors& tensors) override {
        return reference::make_prototype_head<T>(spec, tensors);
    }

  private:
    template <class From, class To>
    static void convert(std::span<const From> from, std::span<To> to) {
        ATNAS_EXPECT(from.size() == to.size());
        std::ranges::transform(from, to.begin(), [](From value) { return static_cast<To>(value); });
    }
};

template <class T>
double ReferenceBackend<T>::measure_peak(double seconds) {
    constexpr std::size_t side = 256;
    std::vector<T> a(side * side, T{1}), b(side * side, T{1}), c(side * side);
    double best = 0.0;
    for (const Stopwatch whole; best == 0.0 || whole.seconds() < seconds;) {
        const Stopwatch once;
        std::ranges::fill(c, T{0});
        for (std::size_t i = 0; i < side; ++i)
            for (std::size_t k = 0; k < side; ++k)
                for (std::size_t j = 0; j < side; ++j) c[i * side + j] += a[i * side + k] * b[k * side + j];
        best = std::max(best, 2e-9 * side * side * side / once.seconds());
    }
    return best;
}

}  // namespace

std::unique_ptr<Backend> make_reference_backend(Precision precision) {
    if (precision == Precision::f64) return std::make_unique<ReferenceBackend<double>>();
    return std::make_unique<ReferenceBackend<float>>();
}

}  // namespace atnas::backend
