// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/fitness_model.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "members.hpp"

namespace atnas::evo {
namespace {

class FitnessModelTest : public testing::Test {
  protected:
    using Fitness = std::function<double(const space::Genotype&)>;

    /// Drawn from the space, not evaluated.
    Population drawn(int count) {
        Population members;
        for (int i = 0; i < count; ++i) members.push_back({.genotype = space_->sample(random_)});
        return members;
    }
    static Population evaluated(Population members, const Fitness& fitness) {
        for (Individual& member : members) member.fitness = fitness(member.genotype);
        return members;
    }
    /// A generation of \p count new members.
    void generation(FitnessModel& model, int count, const Fitness& fitness) {
        const Population members = drawn(count);
        model.predict(members);
        model.learn(evaluated(members, fitness));
    }
    /// What genes add, and nothing else.
    static double additive(const space::Genotype& genotype) {
        double sum = 0;
        for (std::size_t g = 0; g < genotype.genes.size(); ++g) sum += genotype.genes[g] * (g % 2 == 0 ? 0.003 : 0.001);
        return sum;
    }

    std::unique_ptr<space::SearchSpace> space_ = space::make_search_space({});
    RandomStream random_{{.seed = 5}};
    FitnessModel ridge_{{.kind = SurrogateKind::ridge}, *space_};
};

TEST_F(FitnessModelTest, AdvisesOnceItWasRight) {
    EXPECT_EQ(ridge_.adviser(), nullptr);
    generation(ridge_, 40, additive);
    EXPECT_TRUE(std::isnan(ridge_.correlation())) << "nothing was known before";
    EXPECT_EQ(ridge_.adviser(), nullptr);
    generation(ridge_, 20, additive);
    EXPECT_GT(ridge_.correlation(), 0.3);
    ASSERT_NE(ridge_.adviser(), nullptr);
    const Population two = drawn(2);
    EXPECT_NE(ridge_.adviser()->predict(space_->canonical(two[0].genotype)),
              ridge_.adviser()->predict(space_->canonical(two[1].genotype)));
}

TEST_F(FitnessModelTest, IsSilentWhileItIsWrong) {
    generation(ridge_, 40, additive);
    generation(ridge_, 20, additive);
    ASSERT_NE(ridge_.adviser(), nullptr);
    for (int i = 0; i < 2; ++i) generation(ridge_, 20, [](const auto& genotype) { return -additive(genotype); });
    EXPECT_LT(ridge_.correlation(), 0);
    EXPECT_EQ(ridge_.adviser(), nullptr);
}

TEST_F(FitnessModelTest, IsSilentWithTooLittleData) {
    generation(ridge_, 5, additive);
    generation(ridge_, 4, additive);
    EXPECT_TRUE(std::isnan(ridge_.correlation()));
    generation(ridge_, 1, additive);
    generation(ridge_, 5, additive);
    EXPECT_FALSE(std::isnan(ridge_.correlation())) << "ten were known";
}

TEST_F(FitnessModelTest, OldCorrelationsAreForgotten) {
    generation(ridge_, 40, additive);
    generation(ridge_, 20, additive);
    ASSERT_NE(ridge_.adviser(), nullptr);
    for (int i = 0; i < 4; ++i) ridge_.learn({});
    EXPECT_NE(ridge_.adviser(), nullptr);
    ridge_.learn({});
    EXPECT_EQ(ridge_.adviser(), nullptr);
    EXPECT_EQ(ridge_.record().correlations.size(), FitnessRecord::most_correlations);
}

TEST_F(FitnessModelTest, PredictsThoseAloneWhoWereNeverEvaluated) {
    generation(ridge_, 40, additive);
    Population members = evaluated(drawn(20), additive);
    ridge_.predict(members);
    ridge_.learn(members);
    EXPECT_TRUE(std::isnan(ridge_.correlation())) << "all had a fitness before";
    for (Individual& member : members) member.fitness = test::nan;
    ridge_.predict(members);
    ridge_.learn(evaluated(members, additive));
    EXPECT_TRUE(std::isnan(ridge_.correlation())) << "all were known";
}

TEST_F(FitnessModelTest, KeepsTheNewestFitnessLessTheMeanOfItsGeneration) {
    Population members = drawn(4);
    for (std::size_t i = 0; i < 4; ++i) members[i].fitness = 0.1 * static_cast<double>(i);
    ridge_.learn(members);
    ASSERT_EQ(ridge_.record().judged.size(), 4u);
    EXPECT_EQ(ridge_.record().judged[3].genotype, space_->canonical(members[3].genotype));
    EXPECT_NEAR(ridge_.record().judged[3].fitness, 0.15, 1e-12);
    // The second and the last again, the last twice and once without a finite loss.
    Population again{members[1], members[3], members[3], members[0]};
    again[0].fitness = 0.5;
    again[1].fitness = again[2].fitness = 0.8;
    again[3].fitness = worst_fitness;
    ridge_.learn(again);
    const std::vector<Judged>& judged = ridge_.record().judged;
    ASSERT_EQ(judged.size(), 4u);
    EXPECT_EQ(judged[0].genotype, space_->canonical(members[0].genotype));
    EXPECT_NEAR(judged[0].fitness, -0.15, 1e-12);
    EXPECT_EQ(judged[2].genotype, space_->canonical(members[1].genotype));
    EXPECT_NEAR(judged[2].fitness, -0.2, 1e-12);
    EXPECT_EQ(judged[3].genotype, space_->canonical(members[3].genotype));
    EXPECT_NEAR(judged[3].fitness, 0.1, 1e-12);
}

TEST_F(FitnessModelTest, ForgetsTheOldest) {
    FitnessModel model({.kind = SurrogateKind::knn}, *space_);
    generation(model, 1000, additive);
    const Judged kept = model.record().judged[26];
    generation(model, 50, additive);
    ASSERT_EQ(model.record().judged.size(), FitnessRecord::most_judged);
    EXPECT_EQ(model.record().judged[0], kept) << "26 of 1050 are gone";
}

TEST_F(FitnessModelTest, KnowsAllOfTheNewestGenerationHoweverManyTheyAre) {
    FitnessModel model({.kind = SurrogateKind::knn}, *space_);
    generation(model, 1000, additive);
    generation(model, 1100, additive);
    EXPECT_EQ(model.record().judged.size(), 1100u);
}

TEST_F(FitnessModelTest, GoesOnWhereItStopped) {
    generation(ridge_, 40, additive);
    generation(ridge_, 20, additive);
    FitnessModel other({.kind = SurrogateKind::ridge}, *space_);
    other.go_on_from(ridge_.record());
    const Population members = drawn(20);
    for (FitnessModel* const model : {&ridge_, &other}) {
        model->predict(members);
        model->learn(evaluated(members, additive));
    }
    EXPECT_EQ(other.record().judged, ridge_.record().judged);
    EXPECT_EQ(other.correlation(), ridge_.correlation());
    const space::Genotype question = space_->canonical(space_->sample(random_));
    EXPECT_EQ(other.adviser()->predict(question), ridge_.adviser()->predict(question));
}

}  // namespace
}  // namespace atnas::evo
