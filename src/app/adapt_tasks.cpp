// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/adapt_tasks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>

#include <fmt/format.h>

#include "atnas/app/report/evaluation.hpp"
#include "atnas/app/task_learner.hpp"
#include "atnas/core/timer.hpp"
#include "atnas/data/support_copies.hpp"
#include "atnas/engine/adapted_network.hpp"
#include "atnas/engine/calibration.hpp"
#include "atnas/engine/predictor.hpp"
#include "atnas/meta/episode_evaluator.hpp"

namespace atnas::app {
namespace {

/// What a rank works with alone: nobody else takes part in a task.
struct OneRank {
    const comm::Communicator alone{};
    engine::WorkSharing sharing{alone};
};

space::Genotype random_encode(const space::SearchSpace& space, std::uint64_t seed, int task) {
    // Iteration 0 is that of the folds.
    RandomStream random(
        {.seed = seed, .purpose = Purpose::task_folds, .iteration = 1, .item = static_cast<std::uint32_t>(task)});
    return space.canonical(space.sample(random));
}

/// Of the queries of a task; nothing was recognised where the loss is no finite number.
double accuracy_of(meta::TaskEvaluator& evaluator, const space::Genotype& encode, const data::Task& task) {
    double accuracy = 0;
    bool given = false;
    const auto once = [&]() -> std::optional<std::size_t> {
        if (given) return {};
        given = true;
        return 0;
    };
    meta::judge_episodes(evaluator, std::span(&encode, 1), std::span(&task, 1), once,
                         [&](std::size_t, const nn::PassResult& result) { accuracy = result.accuracy; });
    return std::isnan(accuracy) ? 0 : accuracy;
}

/// Of the queries, by the mean probabilities of several encodes that learned the task.
double accuracy_together(TaskLearner& learner, std::span<const engine::JudgedOnFolds> encodes, const data::Task& task) {
    supernet::Supernet& supernet = learner.net().supernet();
    space::NetworkOptions network = supernet.options();
    network.way = task.way;
    network.pretrain_classes = 0;  // a head that no file of a network has
    io::NetworkFile file;
    for (const engine::JudgedOnFolds& judged : encodes)
        file.members.push_back(engine::adapted_network(learner.evaluator(), judged.genotype, task));
    const std::vector<int>& labels = task.query.labels;
    engine::Ensemble ensemble(supernet.backend(), network, file, static_cast<int>(labels.size()));
    return engine::share_right(ensemble.probabilities(task.query.images), labels);
}

/// What is the same for all tasks of a kind.
struct Circumstances {
    TaskLearner& learner;
    const engine::NovelTaskOptions& how;
    const data::EpisodeSampler& episodes;
    const data::SupportCopies& copies;
};

AdaptedTask adapted_task(const Circumstances& c, OneRank& rank, int number) {
    const std::uint64_t seed = c.how.search.seed;
    const auto item = static_cast<std::uint32_t>(number);
    const RandomKey key{.seed = seed, .purpose = Purpose::test_episode, .item = item};
    data::Task task;
    c.episodes.sample(key, task);
    const Stopwatch clock;
    const engine::NovelTaskResult found =
        engine::adapt_encode({c.learner.net(), c.learner.searcher(), rank.sharing, rank.alone, c.learner.elite(),
                              nullptr, &c.learner.evaluator()},
                             {task.support, task.way, item}, c.how, [] { return false; });
    c.copies.add(task, key);
    meta::TaskEvaluator& evaluator = c.learner.evaluator();
    const space::Genotype& best = found.best.front().genotype;
    AdaptedTask result;
    result.adapted = accuracy_of(evaluator, best, task);
    result.together = found.best.size() > 1 ? accuracy_together(c.learner, found.best, task) : result.adapted;
    result.seconds = clock.seconds();
    result.alone = accuracy_of(evaluator, found.first.genotype, task);
    result.found = accuracy_of(evaluator, found.found.genotype, task);
    result.random = accuracy_of(evaluator, random_encode(c.learner.net().space(), seed, number), task);
    result.folds = found.found.result.accuracy - found.first.result.accuracy;
    result.moved = best == found.first.genotype ? 0 : 1;
    result.evaluations = static_cast<double>(found.evaluations);
    // Another task tries other encodes: what is known of all of them would fill the memory.
    evaluator.forget_moments();
    c.learner.searcher().forget_moments();
    return result;
}

/// Task t on rank t % ranks.
std::vector<AdaptedTask> on_all_ranks(const Circumstances& c, int tasks, const std::function<bool()>& stop,
                                      const comm::Communicator& communicator) {
    using Figures = std::array<double, sizeof(AdaptedTask) / sizeof(double)>;
    OneRank rank;
    std::vector<double> mine;
    for (int t = communicator.rank(); t < tasks && !stop(); t += communicator.size()) {
        const auto figures = std::bit_cast<Figures>(adapted_task(c, rank, t));
        mine.push_back(t);
        mine.insert(mine.end(), figures.begin(), figures.end());
    }
    const std::vector<double> all = communicator.all_gather(std::span<const double>(mine));
    std::vector<AdaptedTask> results(static_cast<std::size_t>(tasks));
    for (auto next = all.begin(); next != all.end();) {
        AdaptedTask& result = results[static_cast<std::size_t>(*next++)];
        Figures figures;
        std::copy_n(next, figures.size(), figures.begin());
        std::advance(next, figures.size());
        result = std::bit_cast<AdaptedTask>(figures);
    }
    return results;
}

}  // namespace

AdaptedTasks adapt_tasks(const AdaptOptions& options, const DrawnTasks& drawn, const std::function<bool()>& stop,
                         const comm::Communicator& communicator) {
    const io::CheckpointState state = io::read_checkpoint(options.checkpoint, communicator);
    const Deck deck = adapted_deck(options, state);
    const std::vector<TaskKind> kinds =
        drawn.kinds.empty() ? std::vector{TaskKind{deck.task.way, deck.task.shot}} : drawn.kinds;
    for (const TaskKind kind : kinds) expect_head(deck, "--tasks-of=" + text_of(kind), kind.way);
    backend::set_threads(deck.runtime.threads);
    TaskLearner learner(state, engine::TaskSource(deck.data, communicator), deck, communicator);
    const engine::TaskSource& source = learner.net().data();
    expect_unseen(source.record(), drawn.split, state.data);
    const space::ImageShape shape = source.images().shape;
    const engine::NovelTaskOptions how = novel_task_options(options, deck, shape);
    const data::SupportCopies copies(shape, source.support_copies(deck.task));

    AdaptedTasks results{.checkpoint = state.path.string(),
                         .data = source.record().source,
                         .split = std::string(data::name_of(drawn.split)),
                         .first_encode = learner.net().space().to_text(learner.elite().front()),
                         .query = deck.task.query,
                         .steps = deck.meta.steps_in_evaluation(),
                         .ranks = communicator.size(),
                         .seed = deck.run.seed,
                         .statistics = deck.task.statistics,
                         .search = options.search,
                         .budget = how.budget,
                         .ensemble = options.ensemble,
                         .kinds = {}};
    for (const TaskKind kind : kinds) {
        engine::TaskOptions task = deck.task;
        task.way = kind.way;
        task.shot = kind.shot;
        task.support_copies = 0;  // folds and judgement make their own
        const data::EpisodeSampler episodes = source.held_out(task, drawn.split);
        results.kinds.push_back(
            {kind, on_all_ranks({learner, how, episodes, copies}, drawn.count, stop, communicator)});
        results.stopped = communicator.any(stop());
        if (results.stopped) break;
    }
    return results;
}

}  // namespace atnas::app
