// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The reference backend, which writes down what is to wait for what: on a processor nothing has to.

#include <memory>
#include <utility>
#include <vector>

#include "atnas/backend/factories.hpp"
#include "atnas/backend/host_backend.hpp"

namespace atnas::test {

class RecordingBackend final : public backend::HostBackend {
  public:
    struct Wait {
        const backend::Context* later;
        const backend::Context* earlier;
        bool operator==(const Wait&) const = default;
    };

    RecordingBackend() : HostBackend(backend::Precision::f32) {}

    void wait(backend::Context& later, backend::Context& earlier) override { waits_.push_back({&later, &earlier}); }
    /// Since the last call, in order.
    std::vector<Wait> take_waits() { return std::exchange(waits_, {}); }

    std::string description() const override { return "recording " + inner_->description(); }
    double measure_peak(double seconds) override { return inner_->measure_peak(seconds); }
    std::unique_ptr<backend::Context> make_context() override { return inner_->make_context(); }
    std::size_t storage(const backend::Shape& shape, backend::Layout layout) const noexcept override {
        return inner_->storage(shape, layout);
    }
    void write(backend::Context& context, const backend::Tensor& to, std::span<const float> values) override {
        inner_->write(context, to, values);
    }
    void write(backend::Context& context, const backend::Tensor& to, std::span<const double> values) override {
        inner_->write(context, to, values);
    }
    void read(backend::Context& context, const backend::Tensor& from, std::span<float> values) override {
        inner_->read(context, from, values);
    }
    void read(backend::Context& context, const backend::Tensor& from, std::span<double> values) override {
        inner_->read(context, from, values);
    }

    using OpPtr = std::unique_ptr<backend::Op>;
    OpPtr convolution(const backend::ConvolutionSpec& spec, const backend::ConvolutionTensors& tensors) override {
        return inner_->convolution(spec, tensors);
    }
    OpPtr pool(const backend::PoolSpec& spec, const backend::PoolTensors& tensors) override {
        return inner_->pool(spec, tensors);
    }
    OpPtr norm(const backend::NormSpec& spec, const backend::NormTensors& tensors) override {
        return inner_->norm(spec, tensors);
    }
    OpPtr subsample(const backend::SubsampleSpec& spec, const backend::SubsampleTensors& tensors) override {
        return inner_->subsample(spec, tensors);
    }
    OpPtr feature_scale(const backend::FeatureScaleSpec& spec, const backend::FeatureScaleTensors& tensors) override {
        return inner_->feature_scale(spec, tensors);
    }
    OpPtr fan_out(const backend::FanOutTensors& tensors) override { return inner_->fan_out(tensors); }
    OpPtr sum(const backend::SumTensors& tensors) override { return inner_->sum(tensors); }
    OpPtr image_scale(const backend::ImageScaleTensors& tensors) override { return inner_->image_scale(tensors); }
    OpPtr concat(const backend::ConcatTensors& tensors) override { return inner_->concat(tensors); }
    OpPtr flatten(const backend::FlattenTensors& tensors) override { return inner_->flatten(tensors); }
    OpPtr linear(const backend::LinearTensors& tensors) override { return inner_->linear(tensors); }
    OpPtr softmax_loss(const backend::LossTensors& tensors) override { return inner_->softmax_loss(tensors); }
    OpPtr prototype_head(const backend::PrototypeSpec& spec, const backend::PrototypeTensors& tensors) override {
        return inner_->prototype_head(spec, tensors);
    }

  private:
    std::unique_ptr<Backend> inner_{backend::make_reference_backend(backend::Precision::f32)};
    std::vector<Wait> waits_;
};

}  // namespace atnas::test
