// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// How the weights of one task step along their gradients.

#include <cstddef>
#include <memory>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"

namespace atnas::nn {

/// momentum: heavy ball, factor 0.9. adam: Kingma & Ba 2015, with beta1 = 0 as in Reptile (Nichol et al. 2018),
/// beta2 = 0.999, epsilon = 1e-8.
enum class InnerOptimizerKind { sgd, momentum, adam };

/// One per slice of weights. Only queues work; allocates nothing after construction.
class InnerOptimizer {
  public:
    /// For arrays of \p elements. Keeps a reference to the backend; what the kind has to remember of a task's steps is
    /// in the arena.
    InnerOptimizer(backend::Backend& backend, Arena& arena, InnerOptimizerKind kind, std::size_t elements);

    /// The next step is the first of a task.
    void begin(backend::Context& context);
    /// One step of size \p rate on \p range of the values, by one call of the backend.
    void step(backend::Context& context, float rate, const backend::Buffer& gradient, backend::Buffer& values,
              backend::Range range);

  private:
    backend::Backend& backend_;
    InnerOptimizerKind kind_;
    std::vector<std::unique_ptr<backend::Buffer>> moments_;  ///< velocity, or first and second moment
    int steps_{0};                                           ///< of the task
};

}  // namespace atnas::nn
