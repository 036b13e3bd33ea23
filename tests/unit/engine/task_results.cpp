// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_results.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/engine/calibration.hpp"
#include "atnas/engine/softmax.hpp"
#include "support/mean_accuracies.hpp"
#include "support/small_engine.hpp"

namespace atnas::engine {
namespace {

std::vector<data::Task> some_tasks(const SmallEngine& engine, int count) {
    const data::EpisodeSampler episodes = engine.net.data().held_out(SmallEngine::task(), data::Role::test);
    std::vector<data::Task> tasks(static_cast<std::size_t>(count));
    for (std::size_t t = 0; t < tasks.size(); ++t)
        episodes.sample({.purpose = Purpose::test_episode, .item = static_cast<std::uint32_t>(t)}, tasks[t]);
    return tasks;
}

JudgedTasks judged(const std::vector<data::Task>& tasks) {
    return {static_cast<int>(tasks.size()),
            [&tasks](int t) -> const data::Task& { return tasks[static_cast<std::size_t>(t)]; }};
}

TaskResults results_on(SmallEngine& engine, const JudgedTasks& tasks) {
    const space::Genotype genotype = engine.islands.front().population().front().genotype;
    return run_tasks({engine.net, genotype, {.adaptation = {1, 0.1f}}}, tasks, engine.communicator);
}

TaskResults results_on(SmallEngine& engine, const std::vector<data::Task>& tasks, Confusion* confusion = nullptr) {
    JudgedTasks all = judged(tasks);
    all.confusion = confusion;
    return results_on(engine, all);
}

TEST(TaskResults, AreThoseOfFitnessTaskByTask) {
    SmallEngine engine;
    const std::vector<data::Task> tasks = some_tasks(engine, 4);
    const TaskResults results = results_on(engine, tasks);
    ASSERT_EQ(results.accuracy.size(), tasks.size());
    EXPECT_EQ(results.not_finite(), 0);
    const space::Genotype genotype = engine.islands.front().population().front().genotype;
    for (std::size_t t = 0; t < tasks.size(); ++t) {
        meta::EpisodeEvaluator evaluator(engine.net.plans(), std::span(tasks).subspan(t, 1), {.adaptation = {1, 0.1f}});
        EXPECT_EQ(results.accuracy[t], test::mean_accuracies(evaluator, std::span(&genotype, 1), 1).front());
        EXPECT_GT(results.loss[t], 0.0);
    }
    EXPECT_NE(results.loss[0], results.loss[1]);
}

TEST(TaskResults, TasksMayHaveAnyNumberOfQueries) {
    SmallEngine engine;
    std::vector<data::Task> tasks = some_tasks(engine, 2);
    tasks[1].query.labels.resize(2);
    tasks[1].query.images.resize(2 * engine.net.data().images().image_size());
    const TaskResults results = results_on(engine, tasks);
    EXPECT_EQ(results.not_finite(), 0);
    EXPECT_EQ(std::fmod(2 * results.accuracy[1], 1.0), 0.0);
}

TEST(TaskResults, ConfusionCountsWhatAccuracyIsMadeOf) {
    SmallEngine engine;
    const std::vector<data::Task> tasks = some_tasks(engine, 5);
    const std::vector<int>& classes = engine.net.data().split().classes(data::Role::test);
    Confusion confusion(classes);
    const TaskResults results = results_on(engine, tasks, &confusion);
    double right = 0;
    for (std::size_t t = 0; t < tasks.size(); ++t)
        right += results.accuracy[t] * static_cast<double>(tasks[t].query.count());
    std::int64_t diagonal = 0;
    std::int64_t all = 0;
    for (int of = 0; of < confusion.classes(); ++of) {
        diagonal += confusion.count(of, of);
        for (int taken_for = 0; taken_for < confusion.classes(); ++taken_for) all += confusion.count(of, taken_for);
    }
    EXPECT_EQ(all, 5 * tasks[0].query.count());
    EXPECT_NEAR(static_cast<double>(diagonal), right, 1e-9);
    EXPECT_FALSE(confusion.mistakes(1).empty()) << "choose tasks that are harder";
}

TEST(TaskResults, CopiesThatDoNotDifferChangeNoAnswer) {
    SmallEngine engine;
    const std::vector<data::Task> tasks = some_tasks(engine, 4);
    JudgedTasks copied = judged(tasks);
    copied.query_copies = 2;
    copied.copy_of = [](int, const data::LabelledImages& queries, int) { return queries; };
    const TaskResults results = results_on(engine, copied);
    const TaskResults plain = results_on(engine, tasks);
    EXPECT_EQ(results.accuracy, plain.accuracy);
    for (std::size_t t = 0; t < tasks.size(); ++t) EXPECT_NEAR(results.loss[t], plain.loss[t], 1e-5);
}

TEST(TaskResults, TheMeanProbabilitiesOfAQueryAndItsCopiesCount) {
    SmallEngine engine;
    const std::vector<data::Task> tasks = some_tasks(engine, 1);
    data::Task other = tasks.front();  // its images are another task's: the labels are as good as drawn
    other.query.images = some_tasks(engine, 2).back().query.images;
    JudgedTasks copied = judged(tasks);
    copied.query_copies = 2;
    std::vector<int> asked;
    copied.copy_of = [&](int, const data::LabelledImages&, int copy) {
        asked.push_back(copy);
        return other.query;
    };
    Confusion confusion(engine.net.data().split().classes(data::Role::test));
    copied.confusion = &confusion;
    const TaskResults results = results_on(engine, copied);

    meta::TaskEvaluator evaluator(engine.net.plans(), {.adaptation = {1, 0.1f}});
    const auto probabilities = [&](const data::Task& task) {
        const space::Genotype genotype = engine.islands.front().population().front().genotype;
        return softmax(evaluator.queue(genotype, task, 0).query_logits(), static_cast<std::size_t>(task.way));
    };
    std::vector<float> mean = probabilities(tasks.front());
    const std::vector<float> alone = mean;
    const std::vector<float> of_copy = probabilities(other);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = (mean[i] + 2 * of_copy[i]) / 3;
    const std::vector<int>& labels = tasks.front().query.labels;
    EXPECT_NEAR(results.loss.front(), mean_cross_entropy(mean, labels), 1e-5);
    EXPECT_GT(std::abs(results.loss.front() - mean_cross_entropy(alone, labels)), 1e-3);
    const auto share = [&](const std::vector<float>& answers) { return share_right(answers, labels); };
    EXPECT_EQ(asked, (std::vector{0, 1}));
    EXPECT_EQ(results.accuracy.front(), share(mean));
    EXPECT_NE(share(mean), share(alone)) << "choose tasks that tell more";
    EXPECT_NE(share(mean), share(of_copy)) << "choose tasks that tell more";
    double right = 0;
    for (int c = 0; c < confusion.classes(); ++c) right += static_cast<double>(confusion.count(c, c));
    EXPECT_NEAR(share(mean) * static_cast<double>(labels.size()), right, 1e-9);
}

TEST(TaskResults, NothingIsRecognisedWhereTheLossIsNoNumber) {
    SmallEngine engine;
    const std::vector<float> no_numbers(engine.weights().size(), std::numeric_limits<float>::quiet_NaN());
    supernet::Supernet& supernet = engine.net.supernet();
    nn::upload(engine.net.backend(), supernet.context(), no_numbers, supernet.weights().values());
    const std::vector<data::Task> tasks = some_tasks(engine, 2);
    Confusion confusion(engine.net.data().split().classes(data::Role::test));
    const TaskResults results = results_on(engine, tasks, &confusion);
    EXPECT_EQ(results.not_finite(), 2);
    EXPECT_EQ(results.accuracy, (std::vector<double>{0, 0}));
    JudgedTasks copied = judged(tasks);
    copied.query_copies = 1;
    copied.copy_of = [](int, const data::LabelledImages& queries, int) { return queries; };
    EXPECT_EQ(results_on(engine, copied).not_finite(), 2);
    EXPECT_EQ(results_on(engine, copied).accuracy, (std::vector<double>{0, 0}));
    std::int64_t shown = 0;
    for (const std::int64_t count : confusion.queries()) shown += count;
    EXPECT_EQ(shown, 2 * tasks[0].query.count());
    for (const std::int64_t count : confusion.table()) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace atnas::engine
