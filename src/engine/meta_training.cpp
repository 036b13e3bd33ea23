// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/meta_training.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "atnas/engine/work_list.hpp"
#include "atnas/meta/tasks_in_flight.hpp"

namespace atnas::engine {

MetaTraining::MetaTraining(const Place& place, const TaskSource::Training& data, const MetaTrainingOptions& options)
    : place_(place),
      episodes_(data.episodes),
      options_(options),
      paths_(place.net.space(), options.paths, options.mutation_rate, options.seed),
      path_counts_(place.net.space()),
      step_({place.net.supernet(), place.reducer}, options.outer, options.most_items()) {
    if (options.pretraining.iterations > 0)
        pretraining_.emplace(place.net.supernet(), data.batches.value(), place.net.plans().kept());
}

std::uint64_t MetaTrainingOptions::items_before(int iteration) const noexcept {
    const auto of = [](int iterations, int items) {
        return static_cast<std::uint64_t>(iterations) * static_cast<std::uint64_t>(items);
    };
    const int pretrained = std::min(iteration, pretraining.iterations);
    return of(pretrained, pretraining.batches) + of(iteration - pretrained, batch);
}

double MetaTraining::early_loss_at(int iteration) const noexcept {
    const int passed = iteration - options_.pretraining.iterations;
    if (pretrains(iteration) || passed >= options_.multi_step_iterations) return 0;
    const double left = 1.0 - static_cast<double>(passed) / options_.multi_step_iterations;
    return left / options_.adaptation.steps;
}

std::unique_ptr<meta::MetaLearner> MetaTraining::learner_at(int iteration) const {
    meta::AdaptationOptions adaptation = options_.adaptation;
    adaptation.early_loss = early_loss_at(iteration);
    return meta::make_meta_learner(is_first_order(iteration) ? meta::Learner::fomaml : options_.learner,
                                   meta::Adaptation(adaptation));
}

meta::TaskShape MetaTraining::shape() const {
    return meta::shape_of(episodes_.options(), meta::in_training(options_.statistics));
}

WorkList MetaTraining::work_of(std::span<const Island> islands, int iteration) {
    const std::uint64_t before = options_.items_before(iteration);
    items_.clear();
    std::vector<WorkItem> work;
    const int count = static_cast<int>(islands.size());
    for (const Island& island : islands) {
        const int batch = pretrains(iteration) ? options_.pretraining.batches : options_.batch;
        const int tasks = share_of_batch(batch, island.number(), count);
        for (int task = 0; task < tasks; ++task) {
            items_.push_back({&island, {iteration, task, before + items_.size()}});
            work.push_back({paths_.expected_macs(island, items_.back().place),
                            comm::home_of(island.number(), count, place_.communicator.size())});
        }
    }
    return place_.sharing.begin(work);
}

void MetaTraining::learn(std::span<const Island> islands, int iteration) {
    WorkList work = work_of(islands, iteration);
    if (!pretrains(iteration)) learner_ = learner_at(iteration);
    step_.begin();
    meta::TasksInFlight in_flight(place_.net.supernet());
    // Which one is the last only shows when there is no other. What is taken is lost for ranks that are idle, so that
    // one looks ahead only where the reducer gains by it.
    const bool ahead = place_.reducer.overlaps() && !pretrains(iteration);
    for (auto item = work.take(); item;) {
        const auto next = ahead ? work.take() : std::nullopt;
        if (pretrains(iteration))
            pretrain(items_[*item], in_flight);
        else
            learn(items_[*item], in_flight, ahead && !next ? Last::yes : Last::no);
        item = ahead ? next : work.take();
    }
    in_flight.finish();
    place_.sharing.end(work);
    step_.seal();
}

void MetaTraining::learn(const Item& item, meta::TasksInFlight& in_flight, Last last) {
    // Before a lane is waited for: the device is busy with the other tasks meanwhile.
    episodes_.sample(key_of(item, Purpose::train_episode), task_);
    const space::Genotype path = path_of(item);
    const int lane = in_flight.next();
    meta::TaskPlan& plan = place_.net.plans().plan(path, shape(), lane);
    const PhaseTimes before = plan.times();
    if (last == Last::yes) {
        // What is final is summed while the rest is computed.
        learner_->run_last(
            plan, task_, step_.gradient().sum(), [&] { in_flight.wait_for_others(lane); },
            [&](std::size_t first) { place_.reducer.ready(place_.net.supernet().context(lane), first); });
    } else {
        learner_->run(plan, task_);
        in_flight.wait_for_previous(lane);
        learner_->contribute(plan, step_.gradient().sum());
    }
    in_flight.started([this, before, &plan] {
        count({plan.blocks(), plan.times(), [&plan] { return plan.query_result(); }}, before);
    });
}

void MetaTraining::pretrain(const Item& item, meta::TasksInFlight& in_flight) {
    const int lane = in_flight.next();
    meta::BatchPlan& plan = pretraining_->plan(path_of(item), lane);
    const PhaseTimes before = plan.times();
    pretraining_->queue(key_of(item, Purpose::pretrain_batch), plan);
    in_flight.wait_for_previous(lane);
    plan.add_gradient(step_.gradient().sum());
    in_flight.started([this, before, &plan] {
        count({plan.blocks(), plan.times(), [&plan] { return plan.result(); }}, before);
    });
}

space::Genotype MetaTraining::path_of(const Item& item) {
    space::Genotype path = paths_.choose(*item.island, item.place);
    path_counts_.add(path);
    return path;
}

RandomKey MetaTraining::key_of(const Item& item, Purpose purpose) const {
    return {.seed = options_.seed,
            .purpose = purpose,
            .island = static_cast<std::uint32_t>(item.island->number()),
            .iteration = static_cast<std::uint32_t>(item.place.iteration),
            .item = static_cast<std::uint32_t>(item.place.task)};
}

void MetaTraining::count(const TaskDone& task, const PhaseTimes& before) {
    {
        // Where a backend only queues work, this is where its time is spent.
        const PhaseScope scope(place_.times, Phase::backward);
        step_.gradient().count_task(task.blocks, task.read());
    }
    for (const Phase phase : {Phase::forward, Phase::backward})
        place_.times.add(phase, task.times.seconds(phase) - before.seconds(phase));
}

MetaTraining::Step MetaTraining::step(int iteration) {
    const meta::MetaGradient::Summary summary = step_.reduce(place_.times);
    step_.make(summary, rate_at(iteration), place_.times);
    path_counts_.step(summary.finite);
    return {summary.loss, summary.tasks, summary.finite};
}

double MetaTraining::rate_at(int iteration) const noexcept {
    meta::OuterOptions phase = options_.outer;
    const int pretraining = std::min(options_.pretraining.iterations, options_.outer.iterations);
    if (pretrains(iteration)) {
        phase.rate = options_.pretraining.rate;
        phase.iterations = pretraining;
        return meta::rate_at(phase, iteration);
    }
    phase.iterations -= pretraining;
    return meta::rate_at(phase, iteration - pretraining);
}

int share_of_batch(int batch, int island, int islands) noexcept {
    return batch / islands + (island < batch % islands ? 1 : 0);
}

}  // namespace atnas::engine
