// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// Steps of one task by rates that are learned too: Meta-SGD (Li, Zhou, Chen & Li 2017), with a rate for every block of
/// weights and step as in MAML++ (Antoniou, Edwards & Storkey 2019).

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"

namespace atnas::nn {

/// Plain gradient descent, w_b -= a_b,k g_b in step k for every block b. Values and rates lie in one array, their
/// gradients in another one. Everything only queues work; nothing allocates after construction.
class LearnedRates {
  public:
    /// Some values, which are not empty, and where the first of their rates is.
    struct Block {
        backend::Range values;
        std::size_t rates;
    };
    /// last: of the last step, whose gradient is all that steps need. all: for backward().
    enum class Directions { last, all };
    struct Options {
        std::span<const Block> blocks;
        int steps;  ///< that have rates, > 0
        Directions kept{Directions::last};
    };
    /// \p values: all blocks, then all rates. Keeps references; what it has to remember is in the arena, one array like
    /// the values without the rates for every direction and one more.
    LearnedRates(backend::Backend& backend, Arena& arena, backend::Buffer& values, backend::Buffer& gradients,
                 const Options& options);

    /// The next step is the first of a task.
    void begin() noexcept { steps_ = 0; }
    /// The next step. Those behind the last one with rates have its rates.
    void step(backend::Context& context);
    bool keeps_directions() const noexcept { return kept_ == Directions::all; }
    /// From the gradient of a loss by the values after the last step, which the gradients are, that by the rates: -
    /// <gradient of block b, g_b of step k>, without what flows through the later steps (first order; after one step it
    /// is all). Rates of steps that were not made get 0. \pre all directions are kept, and no step had the rates of
    /// another one
    void backward(backend::Context& context);
    /// The gradient of the rates is 0.
    void clear_gradient(backend::Context& context);

  private:
    /// A step: the direction, and for every block a linear layer from it, whose only weight is the rate.
    struct Step {
        backend::Buffer& direction;
        std::vector<std::unique_ptr<backend::Op>> layers;
    };

    backend::Backend& backend_;
    backend::Buffer& values_;
    backend::Buffer& gradients_;
    Directions kept_;
    backend::Range blocks_, rates_;  ///< of the values
    std::vector<std::unique_ptr<backend::Buffer>> directions_;
    std::unique_ptr<backend::Buffer> moves_;  ///< what the layers make of the direction
    std::vector<Step> with_rates_;
    std::size_t steps_{0};  ///< of the task
};

}  // namespace atnas::nn
