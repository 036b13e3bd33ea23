// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/episode_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "atnas/data/strokes.hpp"
#include "atnas/space/search_space.hpp"
#include "support/mean_accuracies.hpp"

namespace {

using namespace atnas;

class EpisodeEvaluator : public testing::Test {
  protected:
    EpisodeEvaluator() : images_(data::make_strokes({.classes = 12, .size = 12})) {
        std::vector<int> classes(12);
        std::iota(classes.begin(), classes.end(), 0);
        episodes_ = std::make_unique<data::EpisodeSampler>(images_, classes,
                                                           data::EpisodeOptions{.way = 3, .shot = 1, .query = 4});
        network_.channels = 4;
        network_.cell.cells = 2;
        network_.cell.reductions = {1};
        network_.image = images_.shape;
        network_.way = 3;
        space_ = space::make_search_space(network_);
        device_ = backend::make_backend(backend::BackendKind::onednn);
        supernet_ = std::make_unique<supernet::Supernet>(*device_, network_, 1);
        plans_ = std::make_unique<meta::TaskPlans>(*supernet_);
        RandomStream random({.seed = 1, .purpose = Purpose::population});
        for (int i = 0; i < 4; ++i) genotypes_.push_back(space_->sample(random));
    }
    std::vector<data::Task> draw(std::uint32_t count, std::uint32_t generation, std::uint64_t seed = 1) {
        std::vector<data::Task> tasks(count);
        for (std::uint32_t t = 0; t < count; ++t)
            episodes_->sample({.seed = seed, .purpose = Purpose::fitness_episode, .iteration = generation, .item = t},
                              tasks[t]);
        return tasks;
    }
    std::vector<double> evaluate(const std::vector<space::Genotype>& genotypes, const std::vector<data::Task>& tasks) {
        meta::EpisodeEvaluator evaluator(*plans_, tasks, {.adaptation = adaptation_});
        return test::mean_accuracies(evaluator, genotypes, tasks.size());
    }

    const meta::AdaptationOptions adaptation_{1, 0.1f};
    data::ImageSet images_;
    std::unique_ptr<data::EpisodeSampler> episodes_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<supernet::Supernet> supernet_;
    std::unique_ptr<meta::TaskPlans> plans_;
    std::vector<space::Genotype> genotypes_;
};

TEST_F(EpisodeEvaluator, fitness_belongs_to_the_genotype_and_the_tasks) {
    const auto tasks = draw(5, 3);
    const auto fitness = evaluate(genotypes_, tasks);
    ASSERT_EQ(fitness.size(), 4u);
    for (const double value : fitness) {
        EXPECT_GE(value, 0.0);
        EXPECT_LE(value, 1.0);
        EXPECT_NEAR(value * 60, std::round(value * 60), 1e-4) << "5 tasks of 12 queries";
    }
    EXPECT_EQ(evaluate(genotypes_, tasks), fitness);
    // Neither the company nor the order matters.
    auto reversed = genotypes_;
    std::reverse(reversed.begin(), reversed.end());
    reversed.push_back(genotypes_[0]);
    const auto others = evaluate(reversed, tasks);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(others[3 - i], fitness[i]);
    EXPECT_EQ(others[4], fitness[0]);
    EXPECT_EQ(evaluate({genotypes_[2]}, tasks).front(), fitness[2]);
    EXPECT_NE(evaluate(genotypes_, draw(5, 4)), fitness) << "other tasks";
    EXPECT_TRUE(evaluate({}, tasks).empty());
}

TEST_F(EpisodeEvaluator, is_the_mean_over_the_tasks) {
    const auto tasks = draw(3, 7, 9);
    const auto fitness = evaluate({genotypes_[0]}, tasks);
    double sum = 0;
    for (const data::Task& task : tasks)
        sum += meta::Adaptation(adaptation_).run(plans_->plan(genotypes_[0], {3, 3, 12}), task).accuracy;
    EXPECT_EQ(fitness.front(), sum / 3);
}

TEST_F(EpisodeEvaluator, takes_tasks_of_different_shapes) {
    std::vector<data::Task> tasks = draw(2, 0);
    const double first = evaluate({genotypes_[0]}, {tasks[0]}).front();
    // One query less of the last class.
    tasks[1].query.labels.pop_back();
    tasks[1].query.images.resize(tasks[1].query.labels.size() * images_.image_size());
    const double second = evaluate({genotypes_[0]}, {tasks[1]}).front();
    EXPECT_NEAR(second * 11, std::round(second * 11), 1e-4);
    EXPECT_EQ(evaluate({genotypes_[0]}, tasks).front(), (first + second) / 2);
}

TEST_F(EpisodeEvaluator, computes_what_it_is_asked_for_and_nothing_else) {
    const auto tasks = draw(5, 0);
    meta::EpisodeEvaluator evaluator(*plans_, tasks, {.adaptation = adaptation_});
    std::vector<double> accuracies(genotypes_.size() * tasks.size(), -1.0);
    std::vector<std::size_t> asked_for{7, 2};
    evaluator.evaluate(
        genotypes_,
        [&]() -> std::optional<std::size_t> {
            if (asked_for.empty()) return {};
            const std::size_t item = asked_for.back();
            asked_for.pop_back();
            return item;
        },
        accuracies);
    for (std::size_t i = 0; i < accuracies.size(); ++i) EXPECT_EQ(accuracies[i] >= 0, i == 2 || i == 7) << i;
    EXPECT_EQ(accuracies[7], evaluate({genotypes_[1]}, {tasks[2]}).front());
}

TEST_F(EpisodeEvaluator, measures_running_statistics_once) {
    const auto tasks = draw(5, 0);
    const auto training = draw(4, 1);
    const meta::TaskEvaluatorOptions options{adaptation_, meta::Statistics::running, training};
    const auto judge = [&](meta::EpisodeEvaluator& evaluator) {
        return test::mean_accuracies(evaluator, genotypes_, tasks.size());
    };
    meta::EpisodeEvaluator evaluator(*plans_, tasks, options);
    const auto before = judge(evaluator);
    EXPECT_EQ(judge(evaluator), before);
    // Weights that are moved behind its back show what it remembers.
    device_->fill(supernet_->context(), supernet_->weights().values(), {0, supernet_->weights().size()}, 0.1f);
    meta::EpisodeEvaluator other(*plans_, tasks, options);
    EXPECT_NE(judge(evaluator), judge(other));
}

TEST_F(EpisodeEvaluator, has_no_accuracy_for_a_broken_network) {
    device_->fill(supernet_->context(), supernet_->weights().values(), {0, supernet_->weights().size()},
                  std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(std::isnan(evaluate({genotypes_[0]}, draw(5, 0)).front()));
}

}  // namespace
