// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The weights of one task before each of its inner steps, and the way of a gradient back along them: second-order MAML
/// without Hessians (Fallah, Mokhtari & Ozdaglar 2020).

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"

namespace atnas::nn {

/// Of plain gradient descent, w_k+1 = w_k - rate g(w_k). Takes no memory of the backend after construction.
class Trajectory {
  public:
    /// For arrays of \p elements and up to \p most_steps steps, all in the arena: most_steps + 3 arrays. Keeps a
    /// reference to the backend.
    Trajectory(backend::Backend& backend, Arena& arena, std::size_t elements, int most_steps);

    /// The next step is the first of a task.
    void begin() noexcept { rates_.clear(); }
    int steps() const noexcept { return static_cast<int>(rates_.size()); }
    /// The values before the next step, which is of this rate. Only queues work. \pre steps() < most_steps
    void keep(backend::Context& context, float rate, const backend::Buffer& values);

    struct Arrays {
        backend::Buffer& values;
        backend::Buffer& gradient;
        std::span<const backend::Range> weights;     ///< of both; the rest is padding
        const std::function<void()>& step_gradient;  ///< queues: gradient = g(values)
    };
    /// The gradient, by the values after the last step -> by those before the first: through every step, the last one
    /// first, v -= rate H(w_k) v, where H v is a difference of gradients near w_k: the mean of the two on either side,
    /// or that of one side where the other one's is longer than twice its length. The values are undefined then. Costs
    /// three gradients per step, and waits for lengths.
    void backward(backend::Context& context, const Arrays& arrays);

  private:
    backend::Buffer& before(int step) noexcept { return *before_[static_cast<std::size_t>(step)]; }
    /// g(w_step) less g(w_step +- distance * carried_), in ahead_ and behind_.
    void differentiate(backend::Context& context, int step, double distance, const Arrays& arrays);

    backend::Backend& backend_;
    std::vector<std::unique_ptr<backend::Buffer>> before_;  ///< each step
    std::unique_ptr<backend::Buffer> carried_, ahead_, behind_;
    std::vector<float> rates_;  ///< of the steps that are kept
};

}  // namespace atnas::nn
