// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/search.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/deck/engine_options.hpp"
#include "atnas/backend/device_services.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/finalists.hpp"
#include "atnas/engine/front.hpp"
#include "atnas/engine/replica_check.hpp"
#include "atnas/engine/replica_tuning.hpp"

namespace atnas::app {
namespace {

/// Ranks beyond the items of the longer list would have nothing to do.
const Deck& checked(const Deck& deck, const comm::Communicator& communicator) {
    const std::int64_t evaluations =
        std::int64_t{deck.evo.islands} * deck.evo.evolution.members() * deck.evo.fitness_tasks;
    const std::int64_t most = std::max<std::int64_t>(deck.meta.batch, evaluations);
    if (communicator.size() > most)
        throw Error(ExitCode::bad_deck, {fmt::format("{} ranks for {} tasks in a meta-iteration and {} in a generation",
                                                     communicator.size(), deck.meta.batch, evaluations),
                                         "there are more ranks than pieces of work",
                                         fmt::format("start at most {} ranks, or raise meta.batch", most)});
    return deck;
}

}  // namespace

Search::Search(const Deck& deck, Provenance provenance, const std::optional<io::CheckpointState>& stored,
               const comm::Communicator& communicator)
    : deck_(checked(deck, communicator)),
      provenance_(std::move(provenance)),
      communicator_(communicator),
      net_(meta_network(deck, stored, communicator)),
      times_(backend::phase_observer_of(net_.backend())),
      sharing_(communicator, {.scope = deck.runtime.work}),
      reducer_(engine::make_replica_reducer(reducer_options(deck), communicator, net_.backend(),
                                            net_.supernet().weights().size())),
      training_(
          {net_, *reducer_, sharing_, communicator, times_},
          net_.data().to_learn(deck.task, deck.meta.pretraining.iterations > 0 ? deck.meta.pretraining.images : 0),
          training_options(deck)),
      generation_({net_, sharing_, communicator, times_}, net_.data().held_out(deck.task, data::Role::validation),
                  net_.data().to_average(deck.task, deck.run.seed), generation_options(deck)),
      latencies_(latency_table(stored)),
      selection_(evo::make_selection(deck.evo.evolution.selection, objectives(deck))),
      evolution_({.space = net_.space(),
                  .costs = net_.costs(),
                  .selection = *selection_,
                  .options = deck.evo.evolution,
                  .seed = deck.run.seed,
                  .islands = deck.evo.islands}),
      fitness_model_(deck.evo.evolution.surrogate.kind == evo::SurrogateKind::none
                         ? std::nullopt
                         : std::optional<evo::FitnessModel>(std::in_place, deck.evo.evolution.surrogate, net_.space())),
      migration_(migration_options(deck), *selection_, communicator),
      islands_(stored ? std::vector<engine::Island>{}
                      : engine::found_islands(
                            evolution_, deck.evo.islands,
                            deck.evo.founder.empty() ? space::Genotype{} : net_.space().from_text(deck.evo.founder))),
      genealogy_(static_cast<std::size_t>(deck.run.individuals)),
      progress_(deck_, communicator) {
    if (stored) restore(*stored);
}

void Search::warm_up() {
    // On a processor a plan costs more to make than memory to take.
    if (net_.backend().services() == nullptr) return;
    std::vector<meta::TaskShape> shapes{training_.shape()};
    if (generation_.shape() != shapes.front()) shapes.push_back(generation_.shape());
    net_.plans().warm_up(shapes);
}

ExitCode Search::run(RunRequests& requests, StartupTimes& startup) {
    warm_up();
    startup.end("warm-up");
    world_log().info("plans per rank: {}", plans_text());
    progress_.start(iteration_, task_count_, iteration_ == 0 ? io::OpenMode::fresh : io::OpenMode::append);
    constexpr double slow_disk = 1e8;  // bytes/s
    requests.note_checkpoint(1.0 + static_cast<double>(checkpoint_bytes()) / slow_disk);
    while (iteration_ < deck_.run.iterations || generation_due_) {
        if (!generation_due_) {
            learn(requests);
            if (progress_.iterations(iteration_) == 1) {
                startup.end("iteration");
                world_log().info("first meta-iteration done after {}", text_of(startup));
            }
        }
        if (generation_due_ && !requests.stop()) evolve(requests);
        const bool finished = iteration_ >= deck_.run.iterations && !generation_due_;
        const bool hopeless = deck_.meta.skip_limit > 0 && skipped_in_a_row_ >= deck_.meta.skip_limit;
        const auto is_turn = [&](int every) { return every > 0 && iteration_ % every == 0; };
        if (finished || hopeless || is_turn(deck_.run.checkpoint_every) || requests.stop() || requests.checkpoint())
            save(requests);
        else if (is_turn(deck_.run.compare_every))
            compare_replicas();
        if (hopeless)
            throw Error(ExitCode::failed,
                        {fmt::format("{} steps in a row were skipped", skipped_in_a_row_),
                         "the meta-gradient was not finite, or too large for an exact sum",
                         fmt::format("lower meta.inner_rate or meta.rate, or use meta.clip; {} holds the last finite "
                                     "weights",
                                     last_checkpoint_.string())});
        if (!finished && requests.stop()) {
            world_log().warn("stopped at iteration {}/{} ({}); --restart=latest goes on", iteration_,
                             deck_.run.iterations, requests.reason());
            if (generation_due_ && progress_.iterations(iteration_) == 0)
                world_log().warn(
                    "this run was too short for a generation: give it more time or lower "
                    "evo.fitness_tasks");
            report_phases();
            return ExitCode::stopped;
        }
    }
    report_phases();
    expect_learned();
    return ExitCode::done;
}

void Search::expect_learned() const {
    const char* const advice = "lower meta.inner_rate or meta.rate, or use meta.clip, and start a new search";
    if (iteration_ > 0 && skipped_steps_ == iteration_)
        throw Error(ExitCode::failed, {fmt::format("nothing was learned: all {} steps were skipped", iteration_),
                                       "no meta-gradient was finite", advice});
    on_root(communicator_, [&] {
        const auto best = best_of_newest_generation(history_, net_.costs());
        if (best && best->fitness == evo::worst_fitness)
            throw Error(
                ExitCode::failed,
                {"nothing was found: no individual of the last generation has a fitness",
                 deck_.evo.max_latency > 0 ? "none of their losses was finite, or all took longer than evo.max_latency"
                                           : "none of their losses was finite",
                 advice});
    });
}

void Search::agree(RunRequests& requests) {
    const PhaseScope scope(times_, Phase::waiting);
    requests.agree();
}

void Search::learn(RunRequests& requests) {
    const double cpu_before = thread_cpu_seconds();
    training_.learn(islands_, iteration_);
    task_cpu_.push_back(thread_cpu_seconds() - cpu_before);
    agree(requests);
    const engine::MetaTraining::Step step = training_.step(iteration_);
    if (step.made) {
        skipped_in_a_row_ = 0;
    } else {
        ++skipped_steps_;
        ++skipped_in_a_row_;
        world_log().warn(
            "iteration {}: the meta-gradient is not finite, or too large for an exact sum; step skipped ({} so far)",
            iteration_, skipped_steps_);
    }
    if (communicator_.is_root()) losses_.push_back(step.loss);
    ++iteration_;
    task_count_ += step.tasks;
    progress_.iteration(iteration_, task_count_, step.loss);
    generation_due_ = iteration_ % deck_.evo.generation_every == 0;
}

void Search::evolve(RunRequests& requests) {
    if (latencies_) {
        const PhaseScope scope(times_, Phase::evaluation);
        latencies_->measure(islands_);
    }
    generation_.begin(islands_, generation_number_);
    do {
        const bool evaluated = generation_.evaluate([&] { return requests.interrupted(); });
        agree(requests);
        // Nothing has changed yet: a restart begins the generation anew.
        if (!evaluated || requests.stop()) return;
    } while (generation_.next_round(islands_, *selection_));
    judge();
    if (iteration_ < deck_.evo.finalists.begin(deck_.run.iterations))
        vary();
    else
        narrow();
    ++generation_number_;
    generation_due_ = false;
}

void Search::judge() {
    const auto members = [&] {
        evo::Population all;
        for (const engine::Island& island : islands_)
            all.insert(all.end(), island.population().begin(), island.population().end());
        return all;
    };
    if (fitness_model_) fitness_model_->predict(members());
    const int broken = generation_.judge(islands_, *selection_);
    if (broken > 0)
        world_log().warn("generation {}: the loss of {} individual(s) was not finite; they get the worst fitness",
                         generation_number_, broken);
    if (fitness_model_) fitness_model_->learn(members());
    if (!communicator_.is_root()) return;
    for (const engine::Island& island : islands_)
        genealogy_.add(island.population(), island.number(), generation_number_);
    genealogy_.end_generation();
}

void Search::vary() {
    std::vector<evo::MigrationRecord> migrants;
    {
        const PhaseScope scope(times_, Phase::migration);
        migrants = migration_.migrate(islands_, generation_number_);
    }
    record_generation(migrants);
    const PhaseScope scope(times_, Phase::migration);
    migration_.next_generation(islands_, evolution_, generation_number_,
                               fitness_model_ ? fitness_model_->adviser() : nullptr);
}

void Search::narrow() {
    record_generation({});
    const std::size_t members = islands_.front().population().size();
    engine::keep_finalists(islands_, deck_.evo.finalists.count, *selection_, net_.space());
    const evo::Population& finalists = islands_.front().population();
    if (finalists.size() < members)
        world_log().info("exploration ended at iteration {}: {} individual{} train{} from here on", iteration_,
                         finalists.size(), finalists.size() == 1 ? "" : "s", finalists.size() == 1 ? "s" : "");
}

void Search::record_generation(std::span<const evo::MigrationRecord> migrants) {
    if (communicator_.is_root()) {
        const evo::Objectives order = objectives(deck_);
        for (const engine::Island& island : islands_) {
            const evo::Population& members = island.population();
            const evo::Individual& best = members.front();
            history_.push_back({generation_number_, iteration_, island.number(), order.fitness_within_limits(best),
                                mean_fitness(members), best.genotype, fitness_spread(members),
                                different_encodes(members)});
        }
        record_front();
        migrations_.insert(migrations_.end(), migrants.begin(), migrants.end());
    }
    progress_.generation(latest(), generation_.evaluations());
}

void Search::record_front() {
    if (deck_.evo.objectives.size() < 2) return;
    const engine::Front front = front_of(islands_, {.space = net_.space(),
                                                    .objectives = deck_.evo.objectives,
                                                    .largest = net_.costs().largest(),
                                                    .largest_latency = latencies_ ? latencies_->largest() : 0,
                                                    .max_latency = deck_.evo.max_latency});
    for (const evo::Individual& member : front.members)
        fronts_.push_back({generation_number_, front.hypervolume, member.fitness, member.parameters, member.macs,
                           member.memory, member.latency, member.genotype});
}

GenerationReport Search::latest() const {
    GenerationReport report = newest_generation(history_, losses_, net_.space(), net_.costs());
    add_front(fronts_, net_.space(), report);
    report.tasks = task_count_;
    if (fitness_model_) report.surrogate_correlation = fitness_model_->correlation();
    return report;
}

void Search::save(RunRequests& requests) {
    const Stopwatch watch;
    {
        const PhaseScope scope(times_, Phase::checkpoint);
        compare_replicas();
        engine::keep_tuning({net_.backend(), communicator_}, deck_.run.folder, reproducibility_);
        save_latencies();
        last_checkpoint_ = io::write_checkpoint(deck_.run.folder, state(), deck_.run.keep, communicator_);
    }
    // Rank 0 removes the file that asked for it; the name must be there first.
    requests.note_checkpoint(watch.seconds());
}

void Search::compare_replicas() {
    const bool finite = engine::expect_equal_replicas(net_.supernet(), training_.optimizer(), communicator_);
    // Of equal replicas: all throw or none.
    if (!finite)
        throw Error(ExitCode::failed,
                    {"the weights, or the optimizer's moments of them, are not finite any more",
                     "the steps were too large", "lower meta.rate, use meta.clip, and go on with --restart=latest"});
}

std::size_t Search::checkpoint_bytes() {
    return net_.supernet().weights().size() * sizeof(float) * (1 + training_.optimizer().moments().size());
}

}  // namespace atnas::app
