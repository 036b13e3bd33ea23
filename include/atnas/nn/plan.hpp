#pragma once
/// \file
/// One subnet made ready to learn tasks of one shape: support and query pass, head, loss, and a copy of its slice of
/// the weights.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "atnas/backend/backend.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/nn/param_store.hpp"
#include "atnas/nn/pass.hpp"
#include "atnas/space/network_options.hpp"

namespace atnas::nn {

enum class Transductive { no, yes };  ///< no: the query is normalised with the support set's statistics

struct TaskShape {
    int way{5};
    int shot{1};
    int query{15};
    Transductive transductive{Transductive::yes};

    bool operator==(const TaskShape&) const = default;
};

struct PassResult {
    double loss{0};      ///< mean cross-entropy
    double accuracy{0};  ///< 0 .. 1
};

/// A list of operations over preallocated memory; running it allocates nothing. Images come ordered by class: way x
/// shot and way x query. Not shared between threads; plans of one arena take turns, task by task: what a task leaves,
/// its adapted weights and gradients too, is gone when another plan's begins.
class Plan {
  public:
    /// Blocks of the linear head in the manifest; unused by the others, whose weights belong to the task.
    struct HeadBlocks {
        BlockId weight;
        BlockId bias;
    };

    /// \p head_blocks: given for Head::linear only. Keeps references to backend, context and store.
    Plan(backend::Backend& backend, backend::Context& context, Arena& arena, ParamStore& store, Graph graph,
         space::Head head, std::optional<HeadBlocks> head_blocks, const TaskShape& shape);

    const TaskShape& shape() const noexcept { return shape_; }
    const Graph& graph() const noexcept { return graph_; }
    /// Blocks of the shared weights that this subnet trains, the linear head's included.
    std::span<const BlockId> blocks() const noexcept { return blocks_; }

    void write_task(std::span<const float> support, std::span<const float> query);
    /// Takes the slice of the shared weights and prepares the head (from the support set in Head::proto).
    void start();
    /// One step of SGD on the support set. Returns nothing: reading a loss back would wait for the device.
    void step(float rate);
    void query_forward();
    /// The gradient of the query loss at the adapted weights, kept in the plan. With Head::proto also the part that
    /// flows through the prototypes into the support features at the initial weights, which the plan then holds again.
    void query_backward();
    PassResult query_result();
    PassResult support_result();

    /// Seconds spent in Phase::forward and Phase::backward (the inner steps' updates included) since construction, as
    /// seen from the host.
    const PhaseTimes& times() const noexcept { return times_; }

    /// Values that one task adds to one element of a sum, at most: the query's own and those through the prototypes.
    static constexpr std::size_t most_addends = 2;
    /// into += what query_backward() found, at the shared positions (first-order MAML). \pre query_backward() ran
    void add_query_gradient(backend::ExactSum& into);
    /// Says that in what is queued the gradient is final from this element of the shared weights on; falls from call to
    /// call.
    using Ready = std::function<void(std::size_t first)>;
    /// query_backward() and add_query_gradient() in one, with the same bits: every block is added as soon as its
    /// gradient is known, so that a reduction can start before the backward pass ends. \p adding is called once, before
    /// anything is added: what is queued until then does not touch \p into.
    void query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready);
    /// into += initial weights - adapted weights (Reptile's direction of descent).
    void add_weight_difference(backend::ExactSum& into);

  private:
    struct Half {
        std::unique_ptr<backend::Buffer> labels;
        backend::Tensor logits, dlogits, result;
        std::unique_ptr<Pass> pass;
        std::unique_ptr<backend::Op> linear, loss;
    };

    /// The queries' part of query_backward(), but for the last pass over the network; returns the half that takes that.
    Half& query_backward_to_last_pass();
    /// into += the gradients of one block.
    void add_block(backend::ExactSum& into, std::size_t segment);
    /// All of one half but its pass and head.
    Half make_half(Arena& arena, int per_class);
    void load_weights();
    PassResult result(const Half& half);

    backend::Backend& backend_;
    backend::Context& context_;
    ParamStore& store_;
    Graph graph_;
    space::Head head_;
    TaskShape shape_;
    std::vector<BlockId> blocks_;
    std::vector<backend::Segment> segments_;  ///< the slice of the shared weights in the plan's own arrays, as blocks_
    std::unique_ptr<backend::SegmentMap> slice_;
    std::unordered_map<BlockId, std::size_t> segment_of_;
    std::vector<std::size_t> by_end_;  ///< segments by where they end in the shared weights
    std::vector<char> added_;          ///< by segment, while a gradient is added block by block
    std::size_t head_first_{0}, head_bias_first_{0}, size_{0};
    std::unique_ptr<backend::Buffer> weights_, gradients_;
    std::unique_ptr<backend::Buffer>
        query_gradients_;  ///< Head::proto: gradients_ serves the pass through the prototypes
    Half support_, query_;
    std::unique_ptr<backend::Op> prototypes_;
    bool support_features_current_{false};
    int steps_{0};
    PhaseTimes times_;
};

}  // namespace atnas::nn
