// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The supernet's replica on a GPU: memory from a pool, every operation queued on the stream of its context.

#include <memory>
#include <string>

#include "algorithm_cache.hpp"
#include "atnas/backend/backend.hpp"
#include "atnas/backend/device_services.hpp"
#include "context.hpp"
#include "device_pool.hpp"
#include "nvtx_ranges.hpp"
#include "ops.hpp"

namespace atnas::backend::cuda {

/// One GPU; f32, NCHW in both layouts.
class CudaBackend final : public Backend, public DeviceServices {
  public:
    explicit CudaBackend(const CudaOptions& options, ConvolutionLibrary library = ConvolutionLibrary::cudnn);
    ~CudaBackend() override;

    Precision precision() const noexcept override { return Precision::f32; }
    std::string description() const override;
    double measure_peak(double seconds) override { return cuda::measure_peak(*this, *service_, seconds); }

    DeviceServices* services() noexcept override { return this; }
    DeviceId id() const override { return id_; }
    std::string tuning() const override { return algorithms_.text(); }
    void tune(const std::string& text) override { algorithms_.add(text); }
    void prepare(Context& context) override { cuda(context).prepare(); }
    void reserve(std::size_t bytes) override { pool_.reserve(bytes); }
    MemoryUse memory_use() const noexcept override { return {pool_.in_use(), pool_.capacity()}; }
    PhaseObserver& phase_observer() noexcept override { return ranges_; }
    std::vector<DeviceInterval> intervals(Context& context) override {
        finish(context);
        return cuda(context).clock().read();
    }
    void* stream(Context& context) noexcept override { return cuda(context).stream(); }

    std::unique_ptr<Context> make_context() override {
        return std::make_unique<CudaContext>(pool_, workspace_, origin_, options_);
    }
    void wait(Context& later, Context& earlier) override { cuda(later).wait_for(cuda(earlier)); }
    void finish(Context& context) override { cuda(context).finish(); }
    std::unique_ptr<Buffer> allocate(std::size_t count) override;
    std::size_t storage(const Shape& shape, Layout) const noexcept override { return shape.count(); }

    void write(Context& context, const Tensor& to, std::span<const float> values) override;
    void write(Context& context, const Tensor& to, std::span<const double> values) override;
    void read(Context& context, const Tensor& from, std::span<float> values) override;
    void read(Context& context, const Tensor& from, std::span<double> values) override;

    std::unique_ptr<Op> convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) override;
    std::unique_ptr<Op> pool(const PoolSpec& spec, const PoolTensors& tensors) override;
    std::unique_ptr<Op> norm(const NormSpec& spec, const NormTensors& tensors) override;
    std::unique_ptr<Op> fan_out(const FanOutTensors& tensors) override { return ready(make_fan_out(tensors)); }
    std::unique_ptr<Op> sum(const SumTensors& tensors) override { return ready(make_sum(tensors)); }
    std::unique_ptr<Op> image_scale(const ImageScaleTensors& tensors) override {
        return ready(make_image_scale(tensors));
    }
    std::unique_ptr<Op> subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) override;
    std::unique_ptr<Op> concat(const ConcatTensors& tensors) override { return ready(make_concat(tensors)); }
    std::unique_ptr<Op> flatten(const FlattenTensors& tensors) override { return ready(make_flatten(tensors)); }
    std::unique_ptr<Op> feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors) override {
        return ready(make_feature_scale(kit_, spec, tensors));
    }
    std::unique_ptr<Op> linear(const LinearTensors& tensors) override { return ready(make_linear(tensors)); }
    std::unique_ptr<Op> softmax_loss(const LossTensors& tensors) override { return ready(make_softmax_loss(tensors)); }
    std::unique_ptr<Op> prototype_head(const PrototypeSpec& spec, const PrototypeTensors& tensors) override {
        return ready(make_prototype_head(kit_, spec, tensors));
    }

    void fill(Context& context, Buffer& x, Range range, double value) override;
    void copy(Context& context, const Buffer& from, std::size_t first, Buffer& to, Range range) override;
    void axpy(Context& context, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) override;
    void scale(Context& context, Buffer& x, std::span<const ScaledRange> ranges) override;
    void lerp(Context& context, const Buffer& x, Buffer& y, std::span<const ScaledRange> ranges) override;
    double squared_norm(Context& context, const Buffer& x, std::span<const Range> ranges) override;
    void adam(Context& context, std::span<const AdamRange> ranges, const Buffer& gradient, Buffer& weights,
              Buffer& first_moment, Buffer& second_moment) override;
    void sgd(Context& context, const SgdStep& step, std::span<const Range> ranges, const Buffer& gradient,
             Buffer& weights, Buffer& velocity) override;

    std::unique_ptr<SegmentMap> map_segments(std::span<const Segment> segments) override;
    void gather(Context& context, const SegmentMap& map, const Buffer& shared, Buffer& local) override;

    std::unique_ptr<ExactSum> allocate_sum(std::size_t count, std::size_t addends) override;
    void clear(Context& context, ExactSum& sum) override;
    void accumulate(Context& context, const Buffer& x, std::size_t first, ExactSum& sum, Range range) override;
    void accumulate(Context& context, const SegmentMap& map, const Buffer& local, ExactSum& sum) override;
    void to_floats(Context& context, const ExactSum& sum, std::span<const ScaledRange> ranges, Buffer& to) override;
    void from_floats(Context& context, const Buffer& from, ExactSum& sum, Range range) override;
    void read_words(Context& context, const ExactSum& from, std::size_t first, std::span<std::int64_t> words) override;
    void write_words(Context& context, ExactSum& to, std::size_t first, std::span<const std::int64_t> words) override;

  private:
    /// The operation as it is handed out: timed where the options say so.
    std::unique_ptr<Op> ready(std::unique_ptr<Op> op) const {
        return options_.profile == Profile::yes ? make_timed(std::move(op)) : std::move(op);
    }

    NvtxRanges ranges_;
    CudaOptions options_;
    DeviceId id_;
    DevicePool pool_;
    AlgorithmCache algorithms_;
    WorkspaceNeed workspace_;
    Event origin_;
    std::unique_ptr<CudaContext> service_;  ///< for what is done outside of any task: new memory, choices
    CudaKit kit_;
};

}  // namespace atnas::backend::cuda
