// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// oneDNN as the operations use it: memory with a layout, primitives bound once to their arguments, and the functions
/// in which oneDNN 2.x and 3.x differ (primitive_desc.cpp).

#include <cstddef>
#include <memory>
#include <vector>

#include <dnnl.hpp>

#include "atnas/backend/host_backend.hpp"

namespace atnas::backend {

/// The queue of one thread of work.
class OnednnContext final : public Context {
  public:
    explicit OnednnContext(const dnnl::engine& engine) : stream_(engine) {}
    dnnl::stream& stream() noexcept { return stream_; }

  private:
    dnnl::stream stream_;
};

/// Working memory that all operations of a backend share: they run one at a time.
class Scratch {
  public:
    explicit Scratch(HostBackend& backend) : backend_(backend) {}
    /// Grows at creation of operations only, so that running them allocates nothing.
    void reserve(std::size_t bytes);
    void* data() noexcept { return buffer_ ? buffer_->data() : nullptr; }

  private:
    HostBackend& backend_;
    std::unique_ptr<Buffer> buffer_;
};

/// What every operation is made with.
struct OnednnKit {
    dnnl::engine engine;
    HostBackend& backend;
    Scratch& scratch;  ///< of single primitives
    Scratch& copies;   ///< of tensors in other layouts, while a StagedPrimitive runs
    int block;         ///< channels per block of the native layout
};

/// Descriptor of a tensor; weights of a grouped convolution get their own function.
dnnl::memory::desc describe(const OnednnKit& kit, const Shape& shape, Layout layout);
dnnl::memory bind(const OnednnKit& kit, const dnnl::memory::desc& desc, void* data);
dnnl::memory bind(const OnednnKit& kit, const Tensor& tensor);

/// A primitive and its arguments, ready to run any number of times without allocating on our side.
class BoundPrimitive {
  public:
    BoundPrimitive() = default;
    /// \p scratch_desc: the scratchpad descriptor of the primitive.
    BoundPrimitive(const OnednnKit& kit, dnnl::primitive primitive, std::vector<std::pair<int, dnnl::memory>> arguments,
                   const dnnl::memory::desc& scratch_desc);
    explicit operator bool() const noexcept { return static_cast<bool>(primitive_); }
    void run(Context& context);

  private:
    dnnl::primitive primitive_;
    std::vector<dnnl::memory> memories_;
    std::vector<dnnl_exec_arg_t> arguments_;
    Scratch* scratch_{nullptr};
    std::size_t scratch_memory_{0};  ///< index in memories_
};

/// A copy between layouts.
BoundPrimitive make_reorder(const OnednnKit& kit, const dnnl::memory& from, const dnnl::memory& to);

/// Memory of an operation in a layout of its own choice.
class OwnedMemory {
  public:
    OwnedMemory() = default;
    OwnedMemory(const OnednnKit& kit, const dnnl::memory::desc& desc);
    const dnnl::memory& get() const noexcept { return memory_; }
    explicit operator bool() const noexcept { return buffer_ != nullptr; }

  private:
    std::unique_ptr<Buffer> buffer_;
    dnnl::memory memory_;
};

// --- What differs between oneDNN 2.x and 3.x ------------------------------------------------------------------------

struct ConvolutionDescs {
    dnnl::memory::desc x, weight, bias, y;  ///< weight: any layout; bias: zero descriptor when absent
    dnnl::memory::dims strides, dilates, pad;
};
dnnl::convolution_forward::primitive_desc forward_desc(const OnednnKit& kit, const ConvolutionDescs& descs);
dnnl::convolution_backward_data::primitive_desc backward_data_desc(
    const OnednnKit& kit, const ConvolutionDescs& descs, const dnnl::convolution_forward::primitive_desc& forward);
dnnl::convolution_backward_weights::primitive_desc backward_weights_desc(
    const OnednnKit& kit, const ConvolutionDescs& descs, const dnnl::convolution_forward::primitive_desc& forward);

struct PoolDescs {
    dnnl::algorithm algorithm;
    dnnl::memory::desc x, y;
    dnnl::memory::dims strides, kernel, pad;
};
dnnl::pooling_forward::primitive_desc forward_desc(const OnednnKit& kit, const PoolDescs& descs);
dnnl::pooling_backward::primitive_desc backward_desc(const OnednnKit& kit, const PoolDescs& descs,
                                                     const dnnl::pooling_forward::primitive_desc& forward);

struct NormDescs {
    dnnl::memory::desc x;
    float epsilon;
    dnnl::normalization_flags flags;
};
dnnl::batch_normalization_forward::primitive_desc forward_desc(const OnednnKit& kit, const NormDescs& descs);
dnnl::batch_normalization_backward::primitive_desc backward_desc(
    const OnednnKit& kit, const NormDescs& descs, const dnnl::batch_normalization_forward::primitive_desc& forward);
/// 2.x counts the shift among the inputs of a backward pass, which no gradient depends on; 3.x refuses it there.
extern const bool norm_backward_takes_shift;

}  // namespace atnas::backend
