// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// The weights of one subnet: a copy of its blocks of the shared weights, to be adapted, and the way back for
/// gradients.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/nn/arena.hpp"
#include "atnas/nn/head.hpp"
#include "atnas/nn/inner_optimizer.hpp"
#include "atnas/nn/learned_rates.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/nn/pass.hpp"
#include "atnas/nn/trajectory.hpp"

namespace atnas::nn {

/// A weight of a network, for the host.
struct NamedValues {
    std::string name;  ///< of its block; "head/own<k>" of the head's own parameter k
    backend::Shape shape;
    std::vector<float> values;
};

/// Everything here but named_values() only queues work; nothing else allocates after construction. What is added to is
/// laid out like the shared weights.
class WeightSlice {
  public:
    /// two: the gradient may be a sum of two, the first of which set_aside() keeps.
    enum class Gradients { one, two };
    /// weighted: there is memory for a weighted sum of gradients, see collect().
    enum class Sum { none, weighted };
    /// all: network and head. head: the head's parameters alone, shared and own ones.
    enum class Part { all, head };
    struct Options {
        std::span<const BlockId> network;  ///< blocks of the network, without the head's
        const HeadParameters& head;
        Gradients gradients{Gradients::one};
        InnerOptimizerKind optimizer{InnerOptimizerKind::sgd};
        int kept_steps{0};  ///< of a task, at most; none without memory for them
        /// Learned rates: a block for each of the network's, the head's and its own parameters, in this order, with an
        /// element per step; none where steps have a rate from outside. \pre the optimizer is SGD
        std::span<const BlockId> rates{};
        Sum sum{Sum::none};
    };

    /// Keeps references to backend and store; its memory is the arena's.
    WeightSlice(backend::Backend& backend, Arena& arena, ParamStore& store, const Options& options);

    /// Blocks of the shared weights that this subnet trains: the network's, then the head's, then those of rates.
    std::span<const BlockId> blocks() const noexcept { return blocks_; }
    /// All but the network's.
    std::span<const BlockId> head_blocks() const noexcept { return blocks().subspan(network_blocks_); }
    /// Where a block is. \pre it is one of blocks(), of the network or of the head
    const BlockTensors& block(BlockId id) const { return tensors_[segment_of_.at(id)]; }
    /// Where a parameter of the head is, in the order of HeadParameters: shared ones, then own ones.
    const BlockTensors& head(std::size_t parameter) const { return tensors_[network_blocks_ + parameter]; }

    /// Takes the values of the blocks from the shared weights, from which the steps of a task begin; the head's own
    /// parameters stay as they are.
    void load(backend::Context& context);
    /// The values as they are: the network's, the head's shared ones, then its own; no rates. Waits for them.
    std::vector<NamedValues> named_values(backend::Context& context) const;
    /// The head's own parameters are zero.
    void clear_own(backend::Context& context);
    /// A step of the optimizer along the gradients, own parameters included, by \p rate, or by the learned rates where
    /// there are some. \pre these step all parts
    void descend(backend::Context& context, float rate, Part part = Part::all);
    /// Keeps the values before a step of this rate, for backward_through_steps(). \pre the optimizer is SGD, there is
    /// memory for one more step, and all parts step
    void keep_step(backend::Context& context, float rate);
    int kept_steps() const noexcept { return trajectory_ ? trajectory_->steps() : 0; }
    /// The gradients, own parameters included, of a loss of the values -> those by the values before the first step
    /// that was kept. See Trajectory::backward(). \pre all steps were kept
    void backward_through_steps(backend::Context& context, const std::function<void()>& step_gradient);
    /// The sum of a task += \p weight times the gradients, those by the rates too. \pre Sum::weighted; the weights of a
    /// task sum to less than 1
    void collect(backend::Context& context, double weight);
    bool has_collected() const noexcept { return collected_ > 0; }
    /// The gradients get what is left of a weight of 1, and the sum is added to them.
    void add_collected(backend::Context& context);
    /// Whether rates are learned and there is memory for their gradient.
    bool learns_rates() const noexcept { return rates_ && rates_->keeps_directions(); }
    /// Adds to the gradients of a loss by the values those by the rates, see LearnedRates::backward().
    /// \pre learns_rates()
    void backward_to_rates(backend::Context& context);
    /// The gradient that follows is another one, of one part until set_aside() is called.
    void begin_gradient(backend::Context& context);
    /// The gradients so far are the first part of the sum. \pre Gradients::two
    void set_aside(backend::Context& context);

    /// into += gradient, all parts of it.
    void add_gradient(backend::Context& context, backend::ExactSum& into);
    /// into += shared weights - values. Overwrites the gradients.
    void add_difference(backend::Context& context, backend::ExactSum& into);
    /// The blocks of add_blocks() up to the next call are those of one gradient.
    void begin_adding() noexcept;
    /// into += gradient of these blocks: with all blocks, each once, the bits of add_gradient(). Returns the element
    /// from which on \p into is final: no block that is still to come ends behind it. \pre begin_adding()
    std::size_t add_blocks(backend::Context& context, std::span<const BlockId> blocks, backend::ExactSum& into);

  private:
    std::size_t end_of(std::size_t segment) const { return segments_[segment].shared + segments_[segment].count; }

    backend::Backend& backend_;
    ParamStore& store_;
    std::vector<BlockId> blocks_;
    std::size_t network_blocks_;
    std::vector<backend::Segment> segments_;  ///< of blocks_, in their order
    std::unique_ptr<backend::SegmentMap> map_;
    std::unordered_map<BlockId, std::size_t> segment_of_;
    std::vector<BlockTensors> tensors_;  ///< of the segments without rates, then of the head's own parameters
    /// Elements. Behind the head's own parameters there are the rates.
    std::size_t head_first_{0}, own_first_{0}, rates_first_{0}, size_{0};
    std::unique_ptr<backend::Buffer> values_, gradients_;
    std::unique_ptr<backend::Buffer> aside_;  ///< Gradients::two
    int parts_{1};                            ///< of the gradient; the first of two is in aside_
    std::unique_ptr<InnerOptimizer> optimizer_;
    std::optional<Trajectory> trajectory_;
    std::unique_ptr<backend::Buffer> sum_;  ///< null without memory for it
    double collected_{0};                   ///< the weight in the sum
    std::optional<LearnedRates> rates_;
    std::vector<backend::Range> weights_;  ///< of values_, own parameters included, without padding
    // While a gradient is added block by block.
    std::vector<std::size_t> by_end_;  ///< segments by where they end in the shared weights
    std::vector<char> added_;          ///< by segment
    std::size_t open_{0};              ///< of by_end_: those behind are added
};

}  // namespace atnas::nn
