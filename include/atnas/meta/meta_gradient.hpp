#pragma once
/// \file
/// An island's contribution to one meta-iteration, in one buffer so that one reduction carries all of it.

#include <memory>
#include <span>
#include <vector>

#include "atnas/nn/classifier.hpp"
#include "atnas/nn/param_store.hpp"

namespace atnas::meta {

/// Buffer layout: the gradient in the layout of the weights, then the use count of every block, then tasks and the
/// sum of their losses.
class MetaGradient {
  public:
    MetaGradient(backend::Backend& backend, backend::Context& context, const nn::ParamStore& weights);

    void clear();
    /// Notes that a task trained \p blocks; its gradient is added to buffer() by the meta-learner.
    void count_task(std::span<const nn::BlockId> blocks, const nn::PassResult& result);
    /// Writes the counts behind the gradient. Call after the last task, before the reduction.
    void seal();

    backend::Buffer& buffer() noexcept { return *buffer_; }
    const backend::Buffer& buffer() const noexcept { return *buffer_; }

    /// What the buffer says, sealed or reduced: uses per block and the mean over tasks.
    struct Summary {
        std::vector<float> uses;
        double tasks{0};
        double loss{0};
    };
    Summary summary();

  private:
    backend::Tensor tail();

    backend::Backend& backend_;
    backend::Context& context_;
    std::size_t weights_;
    std::unique_ptr<backend::Buffer> buffer_;
    std::vector<float> counts_;
};

}  // namespace atnas::meta
