#pragma once
/// \file
/// What every device can do. Backends compute the same function; `reference` is the oracle.

#include <memory>
#include <span>
#include <string>
#include <string_view>

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

/// Part of a buffer, in elements.
struct Range {
    std::size_t first;
    std::size_t count;
};

/// Abstract device. Not shared between threads. Ops and buffers must not outlive it.
class Backend {
  public:
    virtual ~Backend() = default;

    virtual BackendKind kind() const noexcept = 0;
    virtual Precision precision() const noexcept = 0;
    /// For people: library, version, instruction set or device.
    virtual std::string description() const = 0;

    /// Best rate seen while multiplying large matrices for about \p seconds, in GFLOP/s: the peak that matters here.
    virtual double measure_peak(double seconds) = 0;

    virtual std::unique_ptr<Context> make_context() = 0;
    /// Zeroed. Throws std::bad_alloc.
    virtual std::unique_ptr<Buffer> allocate(std::size_t count) = 0;
    /// Elements a tensor of this shape and layout takes in memory, padding included.
    virtual std::size_t storage(const Shape& shape, Layout layout) const noexcept = 0;

    // --- Host transfer; values are plain NCHW without padding whatever the layout. Waits for the result. -------------
    virtual void write(Context& context, const Tensor& to, std::span<const float> values) = 0;
    virtual void write(Context& context, const Tensor& to, std::span<const double> values) = 0;
    virtual void read(Context& context, const Tensor& from, std::span<float> values) = 0;
    virtual void read(Context& context, const Tensor& from, std::span<double> values) = 0;

    // --- Operations; \pre shapes fit as op.hpp says -----------------------------------------------------------------
    virtual std::unique_ptr<Op> convolution(const ConvolutionSpec& spec, const ConvolutionTensors& tensors) = 0;
    virtual std::unique_ptr<Op> pool(const PoolSpec& spec, const PoolTensors& tensors) = 0;
    virtual std::unique_ptr<Op> norm(const NormSpec& spec, const NormTensors& tensors) = 0;
    virtual std::unique_ptr<Op> fan_out(const FanOutTensors& tensors) = 0;
    virtual std::unique_ptr<Op> sum(const SumTensors& tensors) = 0;
    virtual std::unique_ptr<Op> subsample(const SubsampleSpec& spec, const SubsampleTensors& tensors) = 0;
    virtual std::unique_ptr<Op> concat(const ConcatTensors& tensors) = 0;
    virtual std::unique_ptr<Op> flatten(const FlattenTensors& tensors) = 0;
    virtual std::unique_ptr<Op> linear(const LinearTensors& tensors) = 0;
    virtual std::unique_ptr<Op> softmax_loss(const LossTensors& tensors) = 0;
    virtual std::unique_ptr<Op> prototype_head(const PrototypeTensors& tensors) = 0;

    // --- Flat arrays (weights, gradients, moments) -------------------------------------------------------------------
    virtual void fill(Context& context, Buffer& x, Range range, double value) = 0;
    virtual void copy(Context& context, const Buffer& from, std::size_t first, Buffer& to, Range range) = 0;
    /// y[range] += a * x[first ...]
    virtual void axpy(Context& context, double a, const Buffer& x, std::size_t first, Buffer& y, Range range) = 0;
    virtual void scale(Context& context, Buffer& x, Range range, double factor) = 0;
    /// Sum of squares, accumulated in double in a fixed order. NaN or infinity in x shows in the result.
    virtual double squared_norm(Context& context, const Buffer& x, Range range) = 0;
    /// m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; w -= rate m / (sqrt(v) + epsilon), on one range of all four.
    virtual void adam(Context& context, const AdamStep& step, const Buffer& gradient, Buffer& weights,
                      Buffer& first_moment, Buffer& second_moment, Range range) = 0;
};

/// Throws Error(bad_deck) for a backend that is not compiled in, saying which are, and for a precision it lacks
/// (f64 exists in reference only).
std::unique_ptr<Backend> make_backend(BackendKind kind, Precision precision = Precision::f32);
/// OpenMP threads of this process, for backends on the processor. \pre threads >= 1
void set_threads(int threads);
/// "reference", "onednn", "cuda", "auto" (the fastest compiled in and usable).
BackendKind backend_from_name(const std::string& name);

}  // namespace atnas::backend
