// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// What every device can do. Backends compute the same function; `reference` is the oracle.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "atnas/backend/cuda_options.hpp"
#include "atnas/backend/exact_sum.hpp"
#include "atnas/backend/op.hpp"
#include "atnas/backend/tensor.hpp"

namespace atnas::backend {

enum class BackendKind { reference, onednn, cuda };
std::string_view name_of(BackendKind kind) noexcept;

/// Constants of one Adam step (Kingma & Ba 2015), bias corrections already folded into rate and epsilon.
struct AdamStep {
    float rate;
    float beta1;
    float beta2;
    float epsilon;
};

/// Constants of one step of SGD with momentum.
struct SgdStep {
    float rate;
    float momentum;
};

/// Part of a buffer, in elements.
struct Range {
    std::size_t first;
    std::size_t count;
};

/// What is done to one part of an array, where every part has numbers of its own.
struct ScaledRange {
    Range range;
    float factor;
};
struct AdamRange {
    Range range;
    AdamStep step;
};

/// Blocks of a large array that lie elsewhere in a small one: a subnet's slice of the shared weights.
struct Segment {
    std::size_t shared;  ///< first element in the large array
    std::size_t local;   ///< first element in the small array
    std::size_t count;   ///< elements
};

/// Segments made ready for a device. Made by a backend, used with the same.
class SegmentMap {
  public:
    virtual ~SegmentMap() = default;
};

class DeviceServices;

/// Abstract device. Not shared between threads. Ops and buffers must not outlive it.
class Backend {
  public:
    virtual ~Backend() = default;

    virtual Precision precision() const noexcept = 0;
    /// For people: library, version, instruction set or device.
    virtual std::string description() const = 0;

    /// Best rate seen while multiplying large matrices for about \p seconds, in GFLOP/s: the peak that matters here.
    virtual double measure_peak(double seconds) = 0;

    /// What its device has of its own (device_services.hpp); null where the device is the processor.
    virtual DeviceServices* services() noexcept { return nullptr; }

    virtual std::unique_ptr<Context> make_context() = 0;
    /// What is queued in \p later from now on starts after what is queued in \p earlier so far. Does not block.
    virtual void wait(Context& later, Context& earlier);
    /// Blocks until all that is queued is done. Throws what went wrong in it.
    virtual void finish(Context& context);
    /// Zeroed. Throws Error(failed) or std::bad_alloc when there is no room. A buffer may be released once no queued
    /// work uses it any more: after finish() or a read() of what came after it.
    virtual std::unique_ptr<Buffer> allocate(std::size_t count) = 0;
    /// Elements a tensor of this shape and layout takes in memory, padding included.
    virtual std::size_t storage(const Shape& shape, Layout layout) const noexcept = 0;

    // --- Host transfer; values are plain NCHW without padding, whatever the layout -----------------------------------
    // write() takes the values in before it returns, and is ordered like an operation.
    virtual void write(Context& context, const Tensor& to, std::span<const float> values) = 0;
    virtual void write(Context& context, const Tensor& to, std::span<const double> values) = 0;
    // read() waits for all that is queued in the context, and for the values.
    virtual void read(Context& context, const Tensor& from, std::span<float> values) = 0;
    virtual void read(Context& context, const Tensor& from, std::span<double> values) = 0;

    // --- Operations; \pre shapes fit as op.hpp says -----------------------------------------------------------------
    virtual std::unique_ptr<Op> convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) = 0;
    virtual std::unique_ptr<Op> pool(const PoolSpec& spec, const PoolTensors& tensors) = 0;
    virtual std::unique_ptr<Op> norm(const NormSpec& spec, const NormTensors& tensors) = 0;
    virtual std::unique_ptr<Op> fan_out(const FanOutTensors& tensors) = 0;
    virtual std::unique_ptr<Op> sum(const SumTensors& tensors) = 0;
    virtual std::unique_ptr<Op> image_scale(const ImageScaleTensors& tensors) = 0;
    virtual std::unique_ptr<Op> subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) = 0;
    virtual std::unique_ptr<Op> concat(const ConcatTensors& tensors) = 0;
    virtual std::unique_ptr<Op> flatten(const FlattenTensors& tensors) = 0;
    virtual std::unique_ptr<Op> feature_scale(const FeatureScaleSpec& spec, const FeatureScaleTensors& tensors) = 0;
    virtual std::unique_ptr<Op> linear(const LinearTensors& tensors) = 0;
    virtual std::unique_ptr<Op> softmax_loss(const LossTensors& tensors) = 0;
    virtual std::unique_ptr<Op> prototype_head(const PrototypeSpec& spec, const PrototypeTensors& tensors) = 0;

    // --- Flat arrays (weights, gradients, moments) -------------------------------------------------------------------
    virtual void fill(Context& context, Buffer& x, Range range, double value) = 0;
    virtual void copy(Context& context, const Buffer& from, std::size_t first, Buffer& to, Range range) = 0;
    /// y[range] += a * x[first ...]
    virtual void axpy(Context& context, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) = 0;
    /// x[range] *= factor, for all of them. \pre the ranges do not overlap
    virtual void scale(Context& context, Buffer& x, std::span<const ScaledRange> ranges) = 0;
    /// y = (1 - factor) y + factor x, on the same ranges of both. \pre the ranges do not overlap
    virtual void lerp(Context& context, const Buffer& x, Buffer& y, std::span<const ScaledRange> ranges) = 0;
    /// Sum of squares over all ranges, accumulated in double in a fixed order. NaN or infinity in x shows in the
    /// result, for which it waits.
    virtual double squared_norm(Context& context, const Buffer& x, std::span<const Range> ranges) = 0;
    /// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; w -= rate m / (sqrt(v) + epsilon), on the same ranges of all four.
    /// \pre the ranges do not overlap
    virtual void adam(Context& context, std::span<const AdamRange> ranges, const Buffer& gradient, Buffer& weights,
                      Buffer& first_moment, Buffer& second_moment) = 0;
    /// u = momentum u + g; w -= rate u, on the same ranges of all three. \pre the ranges do not overlap
    virtual void sgd(Context& context, const SgdStep& step, std::span<const Range> ranges, const Buffer& gradient,
                     Buffer& weights, Buffer& velocity) = 0;

    // --- Slices of the shared weights --------------------------------------------------------------------------------
    /// \pre no two segments overlap in either array
    virtual std::unique_ptr<SegmentMap> map_segments(std::span<const Segment> segments) = 0;
    /// local = shared, segment by segment.
    virtual void gather(Context& context, const SegmentMap& map, const Buffer& shared, Buffer& local) = 0;

    // --- Sums that do not depend on their order ----------------------------------------------------------------------
    /// \p addends: the most values that are added to one element, in all sums that are added up; they set the limit
    /// of what fits. \pre addends > 0
    virtual std::unique_ptr<ExactSum> allocate_sum(std::size_t count, std::size_t addends) = 0;
    virtual void clear(Context& context, ExactSum& sum) = 0;
    /// sum[range] += x[first ...], each as fixed_point() has it; what does not fit is left out and sets the flag. Two
    /// contexts do not add to one sum at the same time: one waits for the other.
    virtual void accumulate(Context& context, const Buffer& x, std::size_t first, ExactSum& sum, Range range) = 0;
    /// sum += local, segment by segment.
    virtual void accumulate(Context& context, const SegmentMap& map, const Buffer& local, ExactSum& sum) = 0;
    /// to = factor * sum, on the same ranges of both; a range may take in the flag.
    virtual void to_floats(Context& context, const ExactSum& sum, std::span<const ScaledRange> ranges, Buffer& to) = 0;
    /// sum[range] = from[range], the flag included where the range takes it in. \pre the values are in the sum's range
    virtual void from_floats(Context& context, const Buffer& from, ExactSum& sum, Range range) = 0;
    /// Words from \p first on, as they are. Waits like read().
    virtual void read_words(Context& context, const ExactSum& from, std::size_t first,
                            std::span<std::int64_t> words) = 0;
    virtual void write_words(Context& context, ExactSum& to, std::size_t first,
                             std::span<const std::int64_t> words) = 0;
};

/// Throws Error(bad_deck) for a backend that is not compiled in or not usable, saying which are, and for a precision it
/// lacks (f64 exists in reference only).
std::unique_ptr<Backend> make_backend(BackendKind kind, Precision precision = Precision::f32,
                                      const CudaOptions& cuda = {});
/// OpenMP threads of this process, for backends on the processor. \pre threads >= 1
void set_threads(int threads);
/// "reference", "onednn" or "cuda". Throws Error(bad_deck) for others.
BackendKind backend_from_name(const std::string& name);

}  // namespace atnas::backend
