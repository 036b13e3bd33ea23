// SPDX-License-Identifier: Apache-2.0
// What a search says of itself.

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/app/report/load_report.hpp"
#include "atnas/app/report/phase_report.hpp"
#include "atnas/app/report/rank_table.hpp"
#include "atnas/app/search.hpp"
#include "atnas/backend/device_services.hpp"
#include "atnas/comm/island_map.hpp"
#include "atnas/core/log.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

std::string evolution_text(const Deck& deck) {
    const int members = deck.evo.evolution.members();
    const auto plural = [](int count) { return count == 1 ? "" : "s"; };
    std::string text = fmt::format("{} individual{} on each of {} island{}, judged by {} tasks", members,
                                   plural(members), deck.evo.islands, plural(deck.evo.islands), deck.evo.fitness_tasks);
    if (deck.evo.racing > 1) text += fmt::format(" in {} rounds", deck.evo.racing);
    text += fmt::format(" every {} iterations", deck.evo.generation_every);
    if (deck.evo.objectives.size() > 1) text += fmt::format(", by {} objectives", deck.evo.objectives.size());
    const int begin = deck.evo.finalists.begin(deck.run.iterations);
    if (members > 1 && begin <= deck.run.iterations)
        text += fmt::format("; from iteration {} the best {} alone", begin, deck.evo.finalists.count);
    return text;
}

}  // namespace

void Search::report_phases() const {
    const std::string phases = text_of(phase_report(times_, communicator_));
    world_log().info("{:.1f} s of work; min/avg/max over ranks in s: {}", progress_.seconds(), phases);
    if (communicator_.size() > 1)
        world_log().info("idle, by rank, in s: {}", text_of(all_work(own_work(), communicator_)));
}

RankWork Search::own_work() const {
    return {times_.seconds(Phase::waiting), sharing_.figures()};
}

void Search::describe_ranks() {
    const auto own = comm::islands_of(communicator_.rank(), communicator_.size(), deck_.evo.islands);
    const auto rows = all_rows(
        own_row(communicator_.rank(), own.first, own.count, net_.backend().description(), deck_.runtime.threads),
        communicator_);
    for (const RankRow& row : rows) {
        world_log().info(text_of(row));
        ranks_per_host_ = std::max(ranks_per_host_, row.local_rank + 1);
    }
    for (const std::string& line : oversubscribed(rows)) world_log().warn(line);
    warn_of_idle_ranks();
}

void Search::warn_of_idle_ranks() const {
    if (communicator_.size() > deck_.meta.batch)
        world_log().warn(
            "only {} of {} ranks have a task in a meta-iteration (meta.batch), the others work in generations "
            "alone",
            deck_.meta.batch, communicator_.size());
}

nlohmann::json Search::figures() {
    return {{"ranks", communicator_.size()},
            {"host", host_name()},
            {"ranks_per_host", ranks_per_host_},
            {"seconds", progress_.seconds()},
            {"timed_iterations", progress_.iterations(iteration_)},
            {"tasks_per_s", progress_.tasks_per_second(task_count_)},
            {"weights", net_.supernet().weights().size()},
            {"work", json_of(all_work(own_work(), communicator_))},
            {"task_cpu_seconds", json_of(load_report(task_cpu_, communicator_))},
            {"phases", json_of(phase_report(times_, communicator_))}};
}

std::string Search::plans_text() {
    const meta::TaskPlans& plans = net_.plans();
    const auto lanes = static_cast<std::size_t>(net_.supernet().lanes());
    std::string text = fmt::format("up to {} networks kept compiled (runtime.plans)", plans.kept() * lanes);
    if (deck_.meta.pretraining.iterations > 0) text += ", and as many for pretraining";
    if (plans.reserved() > 0)
        text +=
            fmt::format(", for which {:.1f} MB of the device are taken", 1e-6 * static_cast<double>(plans.reserved()));
    return text;
}

std::string Search::plan() {
    warm_up();
    warn_of_idle_ranks();
    const space::Cost supernet = net_.costs().supernet();
    const evo::Individual& member = islands_.front().population().front();
    const data::EpisodeOptions& task = training_.episodes().options();
    static_cast<void>(net_.plans().plan(member.genotype, training_.shape()));
    const auto words = static_cast<double>(training_.gradient_words());
    // Weights, moments and the mean gradient are floats, the sum of gradients is not.
    const double floats =
        static_cast<double>((2 + training_.optimizer().moments().size()) * net_.supernet().weights().size());
    const double held_flat = floats * sizeof(float) + words * sizeof(std::int64_t);
    std::string on_device;
    if (const backend::DeviceServices* const device = net_.backend().services())
        on_device = fmt::format("; {:.1f} MB of the device with what is kept free",
                                1e-6 * static_cast<double>(device->memory_use().held));
    const std::string start = last_checkpoint_.empty()
                                  ? "anew"
                                  : fmt::format("at iteration {} from {}", iteration_, last_checkpoint_.string());
    const int ranks = communicator_.size();
    const bool exact = deck_.runtime.reduction == comm::Reduction::exact;
    // As a reduce-scatter and an all-gather, which no allreduce of much data can better.
    const double sent = 2.0 * words * (exact ? sizeof(std::int64_t) : sizeof(float)) * (ranks - 1) / ranks;
    return fmt::format(
        "ranks            {} with {} islands\n"
        "backend          {}, {} thread(s) per rank\n"
        "data             {}: {} images, {} classes ({} train, {} validation, {} test)\n"
        "tasks            {}-way {}-shot {}-query in training, {} per meta-iteration\n"
        "supernet         {} parameters in {} blocks\n"
        "first member     {} parameters, {} MACs: {}\n"
        "memory per rank  {:.1f} MB of weights, moments and gradients, {:.1f} MB for plans{}\n"
        "plans per rank   {}\n"
        "communication    {:.2f} MB sent per rank and meta-iteration\n"
        "evolution        {}\n"
        "run              {} iterations, checkpoints every {} in {}\n"
        "start            {}\n",
        ranks, deck_.evo.islands, net_.backend().description(), deck_.runtime.threads, deck_.data.source,
        net_.data().images().images(), net_.data().images().classes(), net_.data().split().train.size(),
        net_.data().split().validation.size(), net_.data().split().test.size(), task.way, task.shot, task.query,
        deck_.meta.batch, supernet.parameters, net_.supernet().manifest().blocks().size(), member.parameters,
        member.macs, net_.space().to_text(member.genotype), 1e-6 * held_flat,
        1e-6 * static_cast<double>(net_.supernet().working_memory()), on_device, plans_text(), 1e-6 * sent,
        evolution_text(deck_), deck_.run.iterations, deck_.run.checkpoint_every, deck_.run.folder.string(), start);
}

}  // namespace atnas::app
