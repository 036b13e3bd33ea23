// SPDX-License-Identifier: Apache-2.0
#include "atnas/nn/weight_slice.hpp"

#include <algorithm>
#include <numeric>

#include "atnas/core/contract.hpp"

namespace atnas::nn {
WeightSlice::WeightSlice(backend::Backend& backend, Arena& arena, ParamStore& store, const Options& options)
    : backend_(backend),
      store_(store),
      blocks_(options.network.begin(), options.network.end()),
      network_blocks_(options.network.size()) {
    blocks_.insert(blocks_.end(), options.head.shared.begin(), options.head.shared.end());
    struct Place {
        backend::Shape shape;
        std::size_t first;
    };
    std::vector<Place> places;
    const auto place = [&](const backend::Shape& shape) {
        places.push_back({shape, size_});
        size_ += aligned(shape.count());
    };
    const auto place_shared = [&](BlockId id) {
        const backend::Range range = store.range(id);
        segment_of_[id] = segments_.size();
        segments_.push_back({range.first, size_, range.count});
        place(store.manifest().block(id).shape);
    };
    std::ranges::for_each(blocks_, place_shared);
    own_first_ = size_;
    for (const backend::Shape& shape : options.head.own) place(shape);
    head_first_ = network_blocks_ < places.size() ? places[network_blocks_].first : size_;
    rates_first_ = size_;
    const std::size_t weights = places.size();
    std::ranges::for_each(options.rates, place_shared);
    blocks_.insert(blocks_.end(), options.rates.begin(), options.rates.end());
    map_ = backend.map_segments(segments_);
    values_ = arena.take_buffer(size_);
    gradients_ = arena.take_buffer(size_);
    if (options.gradients == Gradients::two) aside_ = arena.take_buffer(size_);
    if (options.sum == Sum::weighted) sum_ = arena.take_buffer(size_);
    optimizer_ = std::make_unique<InnerOptimizer>(backend, arena, options.optimizer, size_);
    ATNAS_EXPECT((options.kept_steps == 0 && options.rates.empty()) || options.optimizer == InnerOptimizerKind::sgd);
    for (std::size_t k = 0; k < weights; ++k) {
        const auto& [shape, first] = places[k];
        weights_.push_back({first, shape.count()});
        tensors_.push_back({backend::view(*values_, first, shape), backend::view(*gradients_, first, shape)});
    }
    if (!options.rates.empty()) {
        ATNAS_EXPECT(options.rates.size() == weights);
        std::vector<LearnedRates::Block> stepping;
        for (std::size_t k = 0; k < weights; ++k) stepping.push_back({weights_[k], places[weights + k].first});
        const auto kept = options.kept_steps > 0 ? LearnedRates::Directions::all : LearnedRates::Directions::last;
        rates_.emplace(backend, arena, *values_, *gradients_,
                       LearnedRates::Options{stepping, places[weights].shape.c, kept});
    } else if (options.kept_steps > 0) {
        trajectory_.emplace(backend, arena, size_, options.kept_steps);
    }

    by_end_.resize(segments_.size());
    std::iota(by_end_.begin(), by_end_.end(), std::size_t{0});
    std::ranges::sort(by_end_, {}, [&](std::size_t segment) { return end_of(segment); });
    added_.resize(segments_.size());
}

void WeightSlice::load(backend::Context& context) {
    backend_.gather(context, *map_, store_.values(), *values_);
    optimizer_->begin(context);
    collected_ = 0;
    if (trajectory_) trajectory_->begin();
    if (rates_) rates_->begin();
}

std::vector<NamedValues> WeightSlice::named_values(backend::Context& context) const {
    const std::vector<Block>& known = store_.manifest().blocks();
    std::vector<NamedValues> all;
    std::size_t own = 0;
    for (std::size_t k = 0; k < tensors_.size(); ++k) {
        const bool shared = segments_.size() > k && segments_[k].local < own_first_;
        NamedValues& one = all.emplace_back();
        one.name = shared ? known[static_cast<std::size_t>(blocks_[k])].name : "head/own" + std::to_string(own++);
        one.shape = tensors_[k].values.shape;
        one.values.resize(one.shape.count());
        backend_.read(context, tensors_[k].values, std::span(one.values));
    }
    return all;
}

void WeightSlice::clear_own(backend::Context& context) {
    backend_.fill(context, *values_, {own_first_, rates_first_ - own_first_}, 0.0);
}

void WeightSlice::descend(backend::Context& context, float rate, Part part) {
    if (rates_) {
        ATNAS_EXPECT(part == Part::all);
        rates_->step(context);
        return;
    }
    const std::size_t first = part == Part::head ? head_first_ : 0;
    optimizer_->step(context, rate, *gradients_, *values_, {first, size_ - first});
}

void WeightSlice::keep_step(backend::Context& context, float rate) {
    ATNAS_EXPECT(trajectory_.has_value());
    trajectory_->keep(context, rate, *values_);
}

void WeightSlice::backward_through_steps(backend::Context& context, const std::function<void()>& step_gradient) {
    ATNAS_EXPECT(trajectory_.has_value());
    trajectory_->backward(context, {*values_, *gradients_, weights_, step_gradient});
}

void WeightSlice::backward_to_rates(backend::Context& context) {
    ATNAS_EXPECT(learns_rates());
    rates_->backward(context);
}

void WeightSlice::collect(backend::Context& context, double weight) {
    ATNAS_EXPECT(sum_ != nullptr && weight > 0 && collected_ + weight < 1);
    if (!has_collected()) backend_.fill(context, *sum_, {0, size_}, 0.0);
    backend_.axpy(context, weight, *gradients_, 0, *sum_, {0, size_});
    collected_ += weight;
}

void WeightSlice::add_collected(backend::Context& context) {
    ATNAS_EXPECT(has_collected());
    backend_.axpy(context, 1 - collected_, *gradients_, 0, *sum_, {0, size_});
    backend_.copy(context, *sum_, 0, *gradients_, {0, size_});
}

void WeightSlice::begin_gradient(backend::Context& context) {
    parts_ = 1;
    if (rates_) rates_->clear_gradient(context);
}

void WeightSlice::set_aside(backend::Context& context) {
    ATNAS_EXPECT(aside_ != nullptr);
    backend_.copy(context, *gradients_, 0, *aside_, {0, size_});
    if (rates_) rates_->clear_gradient(context);
    parts_ = 2;
}

void WeightSlice::add_gradient(backend::Context& context, backend::ExactSum& into) {
    if (parts_ == 2) backend_.accumulate(context, *map_, *aside_, into);
    backend_.accumulate(context, *map_, *gradients_, into);
}

void WeightSlice::add_difference(backend::Context& context, backend::ExactSum& into) {
    backend_.gather(context, *map_, store_.values(), *gradients_);
    backend_.axpy(context, -1.0, *values_, 0, *gradients_, {0, size_});
    backend_.accumulate(context, *map_, *gradients_, into);
}

void WeightSlice::begin_adding() noexcept {
    std::ranges::fill(added_, char{0});
    open_ = by_end_.size();
}

std::size_t WeightSlice::add_blocks(backend::Context& context, std::span<const BlockId> blocks,
                                    backend::ExactSum& into) {
    for (const BlockId block : blocks) {
        const std::size_t segment = segment_of_.at(block);
        const auto [shared, local, count] = segments_[segment];
        if (parts_ == 2) backend_.accumulate(context, *aside_, local, into, {shared, count});
        backend_.accumulate(context, *gradients_, local, into, {shared, count});
        added_[segment] = 1;
    }
    while (open_ > 0 && added_[by_end_[open_ - 1]] != 0) --open_;
    return open_ == 0 ? 0 : end_of(by_end_[open_ - 1]);
}

}  // namespace atnas::nn
