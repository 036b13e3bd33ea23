// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/gather_populations.hpp"
#include "atnas/app/make_reducer.hpp"
#include "atnas/comm/island_map.hpp"
#include "atnas/core/log.hpp"
#include "atnas/engine/replica_backend.hpp"
#include "atnas/engine/replica_check.hpp"
#include "atnas/io/tuning_file.hpp"
#include "atnas/meta/episode_evaluator.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

const Deck& checked(const Deck& deck, const comm::Communicator& communicator) {
    if (communicator.size() > deck.evo.islands)
        throw Error(ExitCode::bad_deck,
                    {fmt::format("{} ranks for evo.islands = {}", communicator.size(), deck.evo.islands),
                     "every rank holds at least one island",
                     fmt::format("start at most {} ranks or raise evo.islands", deck.evo.islands)});
    return deck;
}

/// The data of the deck. Throws Error(bad_deck) where its classes cannot give the tasks. Collective.
engine::TaskSource task_source(const Deck& deck, const comm::Communicator& communicator) {
    engine::TaskSource source(deck.data, communicator);
    static_cast<void>(source.training(deck.task));
    static_cast<void>(source.held_out(deck.task, data::Role::validation));
    return source;
}

meta::OuterOptions outer_options(const Deck& deck) {
    meta::OuterOptions options = deck.meta.outer;
    options.iterations = deck.run.iterations;
    return options;
}

}  // namespace

Search::Search(const Deck& deck, Provenance provenance, const comm::Communicator& communicator)
    : deck_(checked(deck, communicator)),
      provenance_(std::move(provenance)),
      communicator_(communicator),
      net_(task_source(deck, communicator), network_options(deck), communicator),
      training_(net_.data().training(deck.task)),
      validation_(net_.data().held_out(deck.task, data::Role::validation)),
      learner_(meta::make_meta_learner(
          deck.meta.learner, meta::Adaptation({deck.meta.inner_steps, static_cast<float>(deck.meta.inner_rate)}))),
      optimizer_(meta::make_outer_optimizer(net_.backend(), net_.supernet().context(), net_.supernet().weights(),
                                            outer_options(deck))),
      reducer_(make_reducer(deck, communicator, net_.backend(), net_.supernet().weights().size())),
      selection_(evo::make_selection(deck.evo.evolution.selection)),
      evolution_({.space = net_.space(),
                  .costs = net_.costs(),
                  .selection = *selection_,
                  .options = deck.evo.evolution,
                  .seed = deck.run.seed,
                  .islands = deck.evo.islands}),
      migrator_(deck.migration.options, deck.migration.topology, *selection_, deck.run.seed),
      gradient_(net_.backend(), net_.supernet().context(), net_.supernet().weights(), deck.meta.batch),
      times_(net_.backend().phase_observer()),
      progress_(deck_, communicator) {
    const comm::IslandBlock block = comm::islands_of(communicator.rank(), communicator.size(), deck.evo.islands);
    const space::Genotype founder =
        deck.evo.founder.empty() ? space::Genotype{} : net_.space().from_text(deck.evo.founder);
    for (int island = block.first; island < block.first + block.count; ++island)
        islands_.emplace_back(island, evolution_.found(island, founder));
}

void Search::warm_up() {
    // On a processor a plan costs more to make than memory to take.
    if (net_.backend().kind() != backend::BackendKind::cuda) return;
    const meta::TaskShape training = meta::shape_of(training_.options(), deck_.task.transductive);
    const meta::TaskShape validation = meta::shape_of(validation_.options(), deck_.task.transductive);
    std::vector<meta::TaskShape> shapes{training};
    if (validation != training) shapes.push_back(validation);
    net_.plans().warm_up(shapes);
}

ExitCode Search::run(RunRequests& requests) {
    warm_up();
    progress_.start(iteration_, task_count_, iteration_ == 0 ? io::OpenMode::fresh : io::OpenMode::append);
    constexpr double slow_disk = 1e8;  // bytes/s
    requests.note_checkpoint(1.0 + static_cast<double>(checkpoint_bytes()) / slow_disk);
    while (iteration_ < deck_.run.iterations || generation_due_) {
        if (!generation_due_) learn(requests);
        if (generation_due_ && !requests.stop()) generation(requests);
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
    const auto best = best_of_newest_generation(history_, net_.costs());
    if (best && best->fitness == evo::worst_fitness)
        throw Error(ExitCode::failed, {"nothing was found: no individual of the last generation has a fitness",
                                       "none of their losses was finite", advice});
}

void Search::agree(RunRequests& requests) {
    const PhaseScope scope(times_, Phase::waiting);
    requests.agree();
}

void Search::learn(RunRequests& requests) {
    gradient_.clear();
    reducer_->begin(gradient_.sum());
    meta::TasksInFlight in_flight(net_.plans());
    for (Island& island : islands_) {
        Island::Ready ready;
        // What is final is summed while the last task of the rank computes the rest.
        if (reducer_->overlaps() && &island == &islands_.back())
            ready = [&](backend::Context& context, std::size_t first) { reducer_->ready(context, first); };
        island.learn(deck_, iteration_, net_.space(), training_, in_flight, *learner_, gradient_, times_, ready);
    }
    in_flight.finish();
    gradient_.seal();
    // All of it is queued before this rank waits for another one's host: on a GPU, parts that are queued wait for those
    // of other ranks, and calls that wait for the device for them.
    reducer_->ready(net_.supernet().context(), 0);
    agree(requests);
    {
        const PhaseScope scope(times_, Phase::reduction);
        reducer_->finish(net_.supernet().context());
    }
    optimize();
    generation_due_ = iteration_ % deck_.evo.generation_every == 0;
}

void Search::optimize() {
    const PhaseScope scope(times_, Phase::optimizer);
    const meta::MetaGradient::Summary summary = gradient_.summary();
    if (summary.finite) {
        optimizer_->step(gradient_.sum(), summary.uses, iteration_);
        skipped_in_a_row_ = 0;
    } else {
        ++skipped_steps_;
        ++skipped_in_a_row_;
        world_log().warn(
            "iteration {}: the meta-gradient is not finite, or too large for an exact sum; step skipped ({} so far)",
            iteration_, skipped_steps_);
    }
    losses_.push_back(summary.loss);
    ++iteration_;
    task_count_ += summary.tasks;
    progress_.iteration(iteration_, task_count_, summary.loss);
}

void Search::generation(RunRequests& requests) {
    const auto fitness = evaluate(requests);
    agree(requests);
    // Nothing has changed yet: a restart begins the generation anew.
    if (!fitness || requests.stop()) return;
    int broken = 0;
    for (std::size_t i = 0; i < islands_.size(); ++i) broken += islands_[i].judge((*fitness)[i], *selection_);
    if (const auto all = communicator_.sum(broken); all > 0)
        world_log().warn("generation {}: the loss of {} individual(s) was not finite; they get the worst fitness",
                         generation_, all);
    std::vector<evo::Population> populations;
    {
        const PhaseScope scope(times_, Phase::migration);
        populations = gather_populations(islands_, communicator_);
        migrator_.migrate(populations, generation_);
    }
    record_generation(populations);
    for (Island& island : islands_)
        island.population() = evolution_.next(std::move(populations[static_cast<std::size_t>(island.number())]),
                                              island.number(), generation_);
    ++generation_;
    generation_due_ = false;
}

std::vector<data::Task> Search::fitness_tasks() const {
    std::vector<data::Task> tasks(static_cast<std::size_t>(deck_.evo.fitness_tasks));
    for (std::size_t t = 0; t < tasks.size(); ++t)
        validation_.sample({.seed = deck_.run.seed,
                            .purpose = Purpose::fitness_episode,
                            .iteration = static_cast<std::uint32_t>(generation_),
                            .item = static_cast<std::uint32_t>(t)},
                           tasks[t]);
    return tasks;
}

std::optional<std::vector<std::vector<double>>> Search::evaluate(RunRequests& requests) {
    const PhaseScope scope(times_, Phase::evaluation);
    const std::vector<data::Task> tasks = fitness_tasks();
    meta::EpisodeEvaluator evaluator(
        net_.plans(), tasks,
        {.adaptation = {deck_.meta.steps_in_evaluation(), static_cast<float>(deck_.meta.inner_rate)},
         .transductive = deck_.task.transductive,
         .interrupted = [&] { return requests.interrupted(); }});
    std::vector<std::vector<double>> fitness;
    for (const Island& island : islands_) {
        auto values = island.evaluate(evaluator);
        if (!values) return {};
        fitness.push_back(std::move(*values));
    }
    return fitness;
}

void Search::record_generation(std::span<const evo::Population> populations) {
    std::int64_t island = 0;
    for (const evo::Population& members : populations)
        history_.push_back({generation_, iteration_, island++, members.front().fitness, mean_fitness(members),
                            members.front().genotype});
    progress_.generation(latest());
}

GenerationReport Search::latest() const {
    GenerationReport report = newest_generation(history_, losses_, net_.space(), net_.costs());
    report.tasks = task_count_;
    return report;
}

void Search::save(RunRequests& requests) {
    const Stopwatch watch;
    {
        const PhaseScope scope(times_, Phase::checkpoint);
        compare_replicas();
        // First: the checkpoint says what comes of it.
        const auto choices = io::write_tuning(deck_.run.folder, net_.backend().tuning(), communicator_);
        if (choices == io::TuningChoices::different && reproducible_ == io::Reproducible::yes) {
            reproducible_ = io::Reproducible::no;
            world_log().warn(
                "not reproducible from its deck any more: ranks compute convolutions of one shape by different "
                "algorithms, because one failed on some of them (tuning.json)");
        }
        last_checkpoint_ = io::write_checkpoint(deck_.run.folder, state(), deck_.run.keep, communicator_);
    }
    // Rank 0 removes the file that asked for it; the name must be there first.
    requests.note_checkpoint(watch.seconds());
}

void Search::compare_replicas() {
    bool finite = true;
    const auto digest = [&](backend::Buffer& buffer) {
        const std::vector<float> values = nn::download(net_.backend(), net_.supernet().context(), buffer);
        finite = finite && std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
        return Digest::of(std::as_bytes(std::span(values)));
    };
    Digest own = digest(net_.supernet().weights().values());
    for (const auto& [name, moment] : optimizer_->moments()) own += digest(*moment);
    engine::expect_equal_replicas(own, communicator_);
    // Of equal replicas: all throw or none.
    if (!finite)
        throw Error(ExitCode::failed,
                    {"the weights, or the optimizer's moments of them, are not finite any more",
                     "the steps were too large", "lower meta.rate, use meta.clip, and go on with --restart=latest"});
}

std::size_t Search::checkpoint_bytes() {
    return net_.supernet().weights().size() * sizeof(float) * (1 + optimizer_->moments().size());
}

}  // namespace atnas::app
