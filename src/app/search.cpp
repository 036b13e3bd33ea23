#include "atnas/app/search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "atnas/app/gather_rows.hpp"
#include "atnas/app/make_reducer.hpp"
#include "atnas/app/replica_backend.hpp"
#include "atnas/app/replica_check.hpp"
#include "atnas/app/tuning_file.hpp"
#include "atnas/comm/island_map.hpp"
#include "atnas/core/log.hpp"
#include "atnas/evo/variation.hpp"
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
      tasks_(deck.data, communicator),
      training_(tasks_.training(deck.task)),
      validation_(tasks_.held_out(deck.task, data::Role::validation)),
      network_(tasks_.network(deck)),
      space_(space::make_search_space(network_)),
      costs_(network_),
      backend_(make_replica_backend(deck, communicator)),
      supernet_(*backend_, network_, deck.run.seed, lanes_of(deck, *backend_)),
      plans_(supernet_),
      learner_(meta::make_meta_learner(
          deck.meta.learner, meta::Adaptation({deck.meta.inner_steps, static_cast<float>(deck.meta.inner_rate)}))),
      optimizer_(meta::make_outer_optimizer(*backend_, supernet_.context(), supernet_.weights(), outer_options(deck))),
      reducer_(make_reducer(deck, communicator, *backend_, supernet_.weights().size())),
      migrator_(deck, space_->gene_count(), communicator),
      total_(*backend_, supernet_.context(), supernet_.weights()),
      times_(backend_->phase_observer()),
      progress_(deck_, communicator) {
    const comm::IslandBlock block = comm::islands_of(communicator.rank(), communicator.size(), deck.evo.islands);
    const space::Genotype founder = deck.evo.founder.empty() ? space::Genotype{} : space_->from_text(deck.evo.founder);
    for (int island = block.first; island < block.first + block.count; ++island)
        islands_.emplace_back(island,
                              evo::found_population(*space_, costs_, deck.evo.evolution, founder, deck.run.seed, island,
                                                    deck.evo.islands),
                              supernet_);
}

void Search::warm_up() {
    // On a processor a plan costs more to make than memory to take.
    if (backend_->kind() != backend::BackendKind::cuda) return;
    const meta::TaskShape training = meta::shape_of(training_.options(), deck_.task.transductive);
    const meta::TaskShape validation = meta::shape_of(validation_.options(), deck_.task.transductive);
    std::vector<meta::TaskShape> shapes{training};
    if (validation != training) shapes.push_back(validation);
    plans_.warm_up(shapes);
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
            throw Error(
                ExitCode::failed,
                {fmt::format("{} steps in a row were skipped", skipped_in_a_row_), "the meta-gradient was not finite",
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
    const auto best = best_of_newest_generation(history_, costs_);
    if (best && best->fitness == evo::worst_fitness)
        throw Error(ExitCode::failed, {"nothing was found: no individual of the last generation has a fitness",
                                       "none of their losses was finite", advice});
}

void Search::agree(RunRequests& requests) {
    const PhaseScope scope(times_, Phase::waiting);
    requests.agree();
}

void Search::learn(RunRequests& requests) {
    std::vector<const backend::Buffer*> mine;
    for (const Island& island : islands_) mine.push_back(&island.gradient().buffer());
    reducer_->begin(mine, total_.buffer());
    for (Island& island : islands_) island.begin();
    meta::TasksInFlight in_flight(plans_);
    for (Island& island : islands_) {
        Island::Ready ready;
        // What is final is summed while the last task of the rank computes the rest.
        if (reducer_->overlaps() && &island == &islands_.back())
            ready = [&](backend::Context& context, std::size_t first) { reducer_->ready(context, first); };
        island.learn(deck_, iteration_, *space_, training_, in_flight, *learner_, times_, ready);
    }
    in_flight.finish();
    for (Island& island : islands_) island.end();
    // All of it is queued before this rank waits for another one's host: on a GPU, parts that are queued wait for those
    // of other ranks, and calls that wait for the device for them.
    reducer_->ready(supernet_.context(), 0);
    agree(requests);
    {
        const PhaseScope scope(times_, Phase::reduction);
        reducer_->finish(supernet_.context());
    }
    optimize();
    generation_due_ = iteration_ % deck_.evo.generation_every == 0;
}

void Search::optimize() {
    const PhaseScope scope(times_, Phase::optimizer);
    const meta::MetaGradient::Summary summary = total_.summary();
    if (optimizer_->step(total_.buffer(), summary.uses, iteration_) == meta::StepOutcome::skipped) {
        ++skipped_steps_;
        ++skipped_in_a_row_;
        world_log().warn("iteration {}: the meta-gradient is not finite; step skipped ({} so far)", iteration_,
                         skipped_steps_);
    } else {
        skipped_in_a_row_ = 0;
    }
    losses_.push_back(summary.loss);
    ++iteration_;
    task_count_ += static_cast<std::int64_t>(summary.tasks);
    progress_.iteration(iteration_, task_count_, summary.loss);
}

void Search::generation(RunRequests& requests) {
    const auto fitness = evaluate(requests);
    agree(requests);
    // Nothing has changed yet: a restart begins the generation anew.
    if (!fitness || requests.stop()) return;
    int broken = 0;
    for (std::size_t i = 0; i < islands_.size(); ++i) broken += islands_[i].judge((*fitness)[i]);
    if (const auto all = communicator_.sum(broken); all > 0)
        world_log().warn("generation {}: the loss of {} individual(s) was not finite; they get the worst fitness",
                         generation_, all);
    {
        const PhaseScope scope(times_, Phase::migration);
        migrator_.migrate(islands_, generation_);
    }
    record_generation();
    for (Island& island : islands_)
        island.population() = evo::next_population(*space_, costs_, deck_.evo.evolution, std::move(island.population()),
                                                   deck_.run.seed, island.number(), deck_.evo.islands, generation_);
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
        plans_, tasks,
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

void Search::record_generation() {
    std::vector<std::vector<double>> rows;
    for (const Island& island : islands_) {
        const evo::Population& members = island.population();
        rows.push_back({double(island.number()), members.front().fitness, mean_fitness(members)});
        append_genes(members.front().genotype, rows.back());
    }
    const auto width = static_cast<std::size_t>(3 + space_->gene_count());
    for (const auto& row : gather_rows(communicator_, rows, width))
        history_.push_back(
            {generation_, iteration_, static_cast<std::int64_t>(row[0]), row[1], row[2], genes_from(row, 3)});
    progress_.generation(latest());
}

GenerationReport Search::latest() const {
    GenerationReport report = newest_generation(history_, losses_, *space_, costs_);
    report.tasks = task_count_;
    return report;
}

void Search::save(RunRequests& requests) {
    const Stopwatch watch;
    {
        const PhaseScope scope(times_, Phase::checkpoint);
        compare_replicas();
        migrator_.settle(islands_, generation_);
        last_checkpoint_ = io::write_checkpoint(deck_.run.folder, state(), deck_.run.keep, communicator_);
        save_tuning(deck_.run.folder, *backend_, communicator_);
    }
    // Rank 0 removes the file that asked for it; the name must be there first.
    requests.note_checkpoint(watch.seconds());
}

void Search::compare_replicas() {
    bool finite = true;
    const auto digest = [&](backend::Buffer& buffer) {
        const std::vector<float> values = nn::download(*backend_, supernet_.context(), buffer);
        finite = finite && std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
        return Digest::of(std::as_bytes(std::span(values)));
    };
    Digest own = digest(supernet_.weights().values());
    for (const auto& [name, moment] : optimizer_->moments()) own += digest(*moment);
    expect_equal_replicas(own, communicator_);
    // Of equal replicas: all throw or none.
    if (!finite)
        throw Error(ExitCode::failed,
                    {"the weights, or the optimizer's moments of them, are not finite any more",
                     "the steps were too large", "lower meta.rate, use meta.clip, and go on with --restart=latest"});
}

std::size_t Search::checkpoint_bytes() {
    return supernet_.weights().size() * sizeof(float) * (1 + optimizer_->moments().size());
}

}  // namespace atnas::app
