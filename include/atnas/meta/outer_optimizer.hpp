// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The step on the shared weights, done alike by every replica.

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "atnas/nn/param_store.hpp"

namespace atnas::meta {

enum class OptimizerKind { adam, sgd };    ///< Adam: Kingma & Ba 2015; SGD with (heavy-ball) momentum
enum class Schedule { constant, cosine };  ///< cosine: Loshchilov & Hutter 2017, without restarts

struct OuterOptions {
    OptimizerKind kind{OptimizerKind::adam};
    double rate{1e-3};
    double momentum{0.9};
    double beta1{0.9};
    double beta2{0.999};
    double epsilon{1e-8};
    Schedule schedule{Schedule::constant};
    double final_rate{0};  ///< after the last iteration of the cosine
    int iterations{1000};  ///< length of the schedule
    int warmup{0};         ///< iterations in which the rate rises linearly, from rate / warmup; 0 = off
    double clip{0};        ///< largest global norm of the averaged meta-gradient; 0 = off
    /// Decoupled weight decay (Loshchilov & Hutter 2019, AdamW): a step also takes rate * weight_decay * w from the
    /// weights of convolutions and linear layers (space::is_drawn); 0 = off.
    double weight_decay{0};
    /// Decay per step of the exponential moving average of the weights (Polyak & Juditsky 1992) that fitness and
    /// evaluation use, 0 <= average < 1; 0 = none is kept.
    double average{0};
};

/// Rate at \p iteration (0 = first): that of the schedule, during the warm-up times (iteration + 1) / warmup (Goyal et
/// al. 2017).
double rate_at(const OuterOptions& options, int iteration) noexcept;

class OuterOptimizer {
  public:
    virtual ~OuterOptimizer() = default;

    /// Divides each block of \p gradient by its use count, clips, decays the weights, and steps. Blocks with no use are
    /// left alone, their moments and averages too; bias correction counts a block's own steps. \p gradient begins with
    /// the sum over tasks.
    /// \pre all of it is finite (MetaGradient::Summary)
    void step(const backend::ExactSum& gradient, std::span<const std::int64_t> uses, double rate);

    /// Moments, and "average", that of the weights where one is kept, by name, for checkpoints. Each is laid out like
    /// the weights.
    std::map<std::string, backend::Buffer*> moments();
    std::vector<std::int64_t>& block_steps() noexcept { return block_steps_; }

  protected:
    OuterOptimizer(backend::Backend& backend, backend::Context& context, nn::ParamStore& weights,
                   const OuterOptions& options);
    /// A block that is due for a step.
    struct Due {
        backend::Range range;
        std::int64_t steps;  ///< that the block has made, this one included
    };
    virtual std::map<std::string, backend::Buffer*> own_moments() = 0;
    /// Steps on all that are due, in one call of the backend however many these are.
    virtual void step_blocks(const backend::Buffer& mean, std::span<const Due> due, double rate) = 0;

    backend::Backend& backend_;
    backend::Context& context_;
    nn::ParamStore& weights_;
    OuterOptions options_;

  private:
    /// Brings the global norm of mean_ over \p ranges down to options_.clip where it is larger.
    void clip(std::span<const backend::Range> ranges);
    /// Takes the new values of blocks that have stepped into the average.
    void take_average(std::span<const Due> stepped);

    std::unique_ptr<backend::Buffer> mean_;  ///< over the uses of a block; clipped
    std::vector<std::int64_t> block_steps_;
};

std::unique_ptr<OuterOptimizer> make_outer_optimizer(backend::Backend& backend, backend::Context& context,
                                                     nn::ParamStore& weights, const OuterOptions& options);

}  // namespace atnas::meta
