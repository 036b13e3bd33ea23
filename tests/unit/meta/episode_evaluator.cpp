#include "atnas/meta/episode_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "atnas/data/strokes.hpp"
#include "atnas/space/search_space.hpp"

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
        network_.cells = 2;
        network_.reductions = {1};
        network_.image = images_.shape;
        network_.way = 3;
        space_ = space::make_search_space(network_);
        device_ = backend::make_backend(backend::BackendKind::onednn);
        supernet_ = std::make_unique<supernet::Supernet>(*device_, network_, 1);
        RandomStream random({.seed = 1, .purpose = Purpose::population});
        for (int i = 0; i < 4; ++i) genotypes_.push_back(space_->sample(random));
    }
    std::vector<double> evaluate(const std::vector<space::Genotype>& genotypes, int generation,
                                 meta::EvaluatorOptions options = {.loop = {1, 0.1f}, .tasks = 5}) {
        return meta::EpisodeEvaluator(*supernet_, *episodes_, options).evaluate(genotypes, generation).value();
    }

    data::ImageSet images_;
    std::unique_ptr<data::EpisodeSampler> episodes_;
    space::NetworkOptions network_;
    std::unique_ptr<space::SearchSpace> space_;
    std::unique_ptr<backend::Backend> device_;
    std::unique_ptr<supernet::Supernet> supernet_;
    std::vector<space::Genotype> genotypes_;
};

TEST_F(EpisodeEvaluator, fitness_belongs_to_the_genotype_and_the_generation) {
    const auto fitness = evaluate(genotypes_, 3);
    ASSERT_EQ(fitness.size(), 4u);
    for (const double value : fitness) {
        EXPECT_GE(value, 0.0);
        EXPECT_LE(value, 1.0);
        EXPECT_NEAR(value * 60, std::round(value * 60), 1e-4) << "5 tasks of 12 queries";
    }
    EXPECT_EQ(evaluate(genotypes_, 3), fitness);
    // Neither the company nor the order matters.
    auto reversed = genotypes_;
    std::reverse(reversed.begin(), reversed.end());
    reversed.push_back(genotypes_[0]);
    const auto others = evaluate(reversed, 3);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(others[3 - i], fitness[i]);
    EXPECT_EQ(others[4], fitness[0]);
    EXPECT_EQ(evaluate({genotypes_[2]}, 3).front(), fitness[2]);
    EXPECT_NE(evaluate(genotypes_, 4), fitness) << "other episodes";
    EXPECT_NE(evaluate(genotypes_, 3, {.loop = {1, 0.1f}, .tasks = 5, .seed = 2}), fitness);
    EXPECT_TRUE(evaluate({}, 3).empty());
}

TEST_F(EpisodeEvaluator, is_the_mean_over_the_episodes_of_the_key) {
    const auto fitness = evaluate({genotypes_[0]}, 7, {.loop = {1, 0.1f}, .tasks = 3, .seed = 9});
    double sum = 0;
    for (std::uint32_t task = 0; task < 3; ++task) {
        data::Task drawn;
        episodes_->sample({.seed = 9, .purpose = Purpose::fitness_episode, .iteration = 7, .item = task}, drawn);
        sum += meta::adapt(supernet_->plan(genotypes_[0], {3, 1, 4}), drawn, {1, 0.1f}).accuracy;
    }
    EXPECT_EQ(fitness.front(), sum / 3);
}

TEST_F(EpisodeEvaluator, says_nothing_when_it_was_interrupted) {
    int asked = 0;
    meta::EvaluatorOptions options{.loop = {1, 0.1f}, .tasks = 5};
    options.interrupted = [&] { return ++asked == 8; };
    EXPECT_FALSE(meta::EpisodeEvaluator(*supernet_, *episodes_, options).evaluate(genotypes_, 0));
    EXPECT_EQ(asked, 8) << "before every drawn, and never again";
}

TEST_F(EpisodeEvaluator, has_no_accuracy_for_a_broken_network) {
    device_->fill(supernet_->context(), supernet_->weights().values(), {0, supernet_->weights().size()},
                  std::numeric_limits<double>::quiet_NaN());
    EXPECT_TRUE(std::isnan(evaluate({genotypes_[0]}, 0).front()));
}

}  // namespace
