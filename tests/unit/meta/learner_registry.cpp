// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/learner_registry.hpp"

#include <set>

#include <gtest/gtest.h>

namespace atnas::meta {
namespace {

TEST(LearnerRegistry, EveryLearnerHasOneRow) {
    std::set<std::string> names;
    for (const Learner learner : {Learner::fomaml, Learner::maml, Learner::meta_sgd, Learner::anil, Learner::reptile}) {
        const LearnerEntry& entry = entry_of(learner);
        EXPECT_EQ(entry.learner, learner);
        EXPECT_FALSE(entry.summary.empty());
        EXPECT_NE(make_meta_learner(learner, Adaptation({})), nullptr);
        names.insert(entry.name);
    }
    EXPECT_EQ(names, (std::set<std::string>{"fomaml", "maml", "meta_sgd", "anil", "reptile"}));
    EXPECT_EQ(learner_registry().size(), names.size());
}

TEST(LearnerRegistry, AnilAdaptsTheHeadAlone) {
    EXPECT_EQ(entry_of(Learner::anil).adapted, nn::WeightSlice::Part::head);
    EXPECT_EQ(entry_of(Learner::fomaml).adapted, nn::WeightSlice::Part::all);
    EXPECT_EQ(entry_of(Learner::reptile).adapted, nn::WeightSlice::Part::all);
}

TEST(LearnerRegistry, SecondOrderKeepsTheWayAndLearnedRatesTheDirections) {
    for (const LearnerEntry& entry : learner_registry()) {
        EXPECT_EQ(entry.kept == Kept::way, entry.learner == Learner::maml) << entry.name;
        EXPECT_EQ(entry.kept == Kept::directions, entry.learner == Learner::meta_sgd) << entry.name;
    }
}

}  // namespace
}  // namespace atnas::meta
