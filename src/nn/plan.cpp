#include "atnas/nn/plan.hpp"

#include <algorithm>
#include <utility>

#include "atnas/core/contract.hpp"

namespace atnas::nn {

using backend::Layout;
using backend::Shape;
using backend::Tensor;

namespace {

/// Rounds up to a cache line of floats.
std::size_t aligned(std::size_t count) {
    return (count + 15) / 16 * 16;
}

}  // namespace

Plan::Plan(backend::Backend& backend, backend::Context& context, Arena& arena, ParamStore& store, Graph graph,
           space::Head head, std::optional<HeadBlocks> head_blocks, const TaskShape& shape)
    : backend_(backend),
      context_(context),
      store_(store),
      graph_(std::move(graph)),
      head_(head),
      shape_(shape),
      blocks_(graph_.blocks()),
      times_(backend.phase_observer()) {
    ATNAS_EXPECT((head == space::Head::linear) == head_blocks.has_value());
    const auto place = [&](BlockId id, std::size_t first) {
        const backend::Range range = store.range(id);
        segment_of_[id] = segments_.size();
        segments_.push_back({range.first, first, range.count});
    };
    for (const BlockId id : blocks_) {
        place(id, size_);
        size_ += aligned(store.range(id).count);
    }
    const auto features = static_cast<std::size_t>(graph_.features());
    head_first_ = size_;
    head_bias_first_ = head_first_ + aligned(features * static_cast<std::size_t>(shape.way));
    size_ = head_bias_first_ + aligned(static_cast<std::size_t>(shape.way));
    if (head_blocks) {
        blocks_.insert(blocks_.end(), {head_blocks->weight, head_blocks->bias});
        place(head_blocks->weight, head_first_);
        place(head_blocks->bias, head_bias_first_);
    }
    slice_ = backend.map_segments(segments_);
    const auto end = [&](std::size_t s) { return segments_[s].shared + segments_[s].count; };
    for (std::size_t s = 0; s < segments_.size(); ++s) by_end_.push_back(s);
    std::sort(by_end_.begin(), by_end_.end(), [&](std::size_t a, std::size_t b) { return end(a) < end(b); });
    added_.resize(segments_.size());
    arena.reset();
    weights_ = arena.take_buffer(size_);
    gradients_ = arena.take_buffer(size_);
    if (head == space::Head::proto) query_gradients_ = arena.take_buffer(size_);

    const auto tensors_at = [&](std::size_t first, const Shape& block) -> BlockTensors {
        return {backend::view(*weights_, first, block), backend::view(*gradients_, first, block)};
    };
    const auto tensors_of = [&](BlockId id) {
        return tensors_at(segments_[segment_of_.at(id)].local, store.manifest().block(id).shape);
    };
    const BlockTensors weight = tensors_at(head_first_, {shape.way, graph_.features(), 1, 1});
    const BlockTensors bias = tensors_at(head_bias_first_, {1, shape.way, 1, 1});
    const auto compile = [&](int per_class, const Pass* statistics) {
        Half half = make_half(arena, per_class);
        half.pass = std::make_unique<Pass>(backend, arena, graph_, tensors_of,
                                           Pass::Options{shape.way * per_class, statistics});
        half.linear = backend.linear({half.pass->features(), half.pass->feature_gradient(), weight.values,
                                      weight.gradient, bias.values, bias.gradient, half.logits, half.dlogits});
        return half;
    };
    support_ = compile(shape.shot, nullptr);
    query_ = compile(shape.query, shape.transductive == Transductive::no ? support_.pass.get() : nullptr);
    if (head == space::Head::proto)
        prototypes_ = backend.prototype_head({support_.pass->features(), support_.pass->feature_gradient(),
                                              backend::view(*support_.labels, 0, {support_.pass->batch(), 1, 1, 1}),
                                              weight.values, weight.gradient, bias.values, bias.gradient});
}

Plan::Half Plan::make_half(Arena& arena, int per_class) {
    Half half;
    const int batch = shape_.way * per_class;
    // Not in the arena: labels are written once, and other plans of the arena would overwrite them.
    half.labels = backend_.allocate(static_cast<std::size_t>(batch));
    std::vector<float> labels;
    for (int i = 0; i < batch; ++i) labels.push_back(static_cast<float>(i / per_class));
    upload(backend_, context_, labels, *half.labels);
    const Shape logits{batch, shape_.way, 1, 1};
    half.logits = arena.take(logits, Layout::plain);
    half.dlogits = arena.take(logits, Layout::plain);
    half.result = arena.take({1, 2, 1, 1}, Layout::plain);
    half.loss = backend_.softmax_loss(
        {half.logits, half.dlogits, backend::view(*half.labels, 0, {batch, 1, 1, 1}), half.result});
    return half;
}

void Plan::write_task(std::span<const float> support, std::span<const float> query) {
    backend_.write(context_, support_.pass->images(), support);
    backend_.write(context_, query_.pass->images(), query);
    support_features_current_ = false;
}

void Plan::load_weights() {
    backend_.gather(context_, *slice_, store_.values(), *weights_);
    support_features_current_ = false;
}

void Plan::start() {
    const PhaseScope scope(times_, Phase::forward);
    load_weights();
    steps_ = 0;
    if (head_ == space::Head::zero) backend_.fill(context_, *weights_, {head_first_, size_ - head_first_}, 0.0);
    // The statistics of the support set are wanted even where no step is taken.
    if (head_ == space::Head::proto || shape_.transductive == Transductive::no) {
        support_.pass->forward(context_);
        support_features_current_ = true;
    }
    if (prototypes_) prototypes_->forward(context_);
}

void Plan::step(float rate) {
    {
        const PhaseScope scope(times_, Phase::forward);
        if (!support_features_current_) support_.pass->forward(context_);
        support_.linear->forward(context_);
        support_.loss->forward(context_);
    }
    const PhaseScope scope(times_, Phase::backward);
    support_.loss->backward(context_);
    support_.linear->backward(context_);
    support_.pass->backward(context_);
    backend_.axpy(context_, -static_cast<double>(rate), *gradients_, 0, *weights_, {0, size_});
    support_features_current_ = false;
    ++steps_;
}

void Plan::query_forward() {
    const PhaseScope scope(times_, Phase::forward);
    // Its statistics are those of the support set under the adapted weights.
    if (shape_.transductive == Transductive::no && !support_features_current_) {
        support_.pass->forward(context_);
        support_features_current_ = true;
    }
    query_.pass->forward(context_);
    query_.linear->forward(context_);
    query_.loss->forward(context_);
}

Plan::Half& Plan::query_backward_to_last_pass() {
    query_.loss->backward(context_);
    query_.linear->backward(context_);
    if (!prototypes_) return query_;
    query_.pass->backward(context_);
    backend_.copy(context_, *gradients_, 0, *query_gradients_, {0, size_});
    if (steps_ > 0) {
        load_weights();
        support_.pass->forward(context_);
        prototypes_->forward(context_);
    }
    prototypes_->backward(context_);
    return support_;
}

void Plan::query_backward() {
    const PhaseScope scope(times_, Phase::backward);
    query_backward_to_last_pass().pass->backward(context_);
}

void Plan::query_backward(backend::ExactSum& into, const std::function<void()>& adding, const Ready& ready) {
    const PhaseScope scope(times_, Phase::backward);
    Half& last = query_backward_to_last_pass();
    adding();
    std::fill(added_.begin(), added_.end(), char{0});
    std::size_t open = by_end_.size();  // of by_end_: what comes after is added
    const auto add = [&](std::size_t segment) {
        add_block(into, segment);
        added_[segment] = 1;
    };
    const auto report = [&] {
        while (open > 0 && added_[by_end_[open - 1]] != 0) --open;
        ready(open == 0 ? 0 : segments_[by_end_[open - 1]].shared + segments_[by_end_[open - 1]].count);
    };
    // The linear head's own blocks follow those of the graph.
    for (std::size_t s = graph_.blocks().size(); s < segments_.size(); ++s) add(s);
    report();
    last.pass->backward(context_, [&](std::span<const BlockId> blocks) {
        for (const BlockId block : blocks) add(segment_of_.at(block));
        report();
    });
}

PassResult Plan::result(const Half& half) {
    double values[2];
    backend_.read(context_, half.result, values);
    return {values[0], values[1] / half.pass->batch()};
}

PassResult Plan::query_result() {
    return result(query_);
}
PassResult Plan::support_result() {
    return result(support_);
}

void Plan::add_query_gradient(backend::ExactSum& into) {
    const PhaseScope scope(times_, Phase::backward);
    if (query_gradients_) backend_.accumulate(context_, *slice_, *query_gradients_, into);
    backend_.accumulate(context_, *slice_, *gradients_, into);
}

void Plan::add_block(backend::ExactSum& into, std::size_t segment) {
    const auto [shared, local, count] = segments_[segment];
    if (query_gradients_) backend_.accumulate(context_, *query_gradients_, local, into, {shared, count});
    backend_.accumulate(context_, *gradients_, local, into, {shared, count});
}

void Plan::add_weight_difference(backend::ExactSum& into) {
    const PhaseScope scope(times_, Phase::backward);
    // The gradients of the last step are not wanted any more.
    backend_.gather(context_, *slice_, store_.values(), *gradients_);
    backend_.axpy(context_, -1.0, *weights_, 0, *gradients_, {0, size_});
    backend_.accumulate(context_, *slice_, *gradients_, into);
}

}  // namespace atnas::nn
