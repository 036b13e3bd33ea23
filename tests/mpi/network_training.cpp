// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/network_training.hpp"

#include <gtest/gtest.h>

#include "atnas/engine/encode_trials.hpp"
#include "atnas/engine/image_score.hpp"
#include "support/small_classification.hpp"

namespace atnas::engine {
namespace {

TEST(NetworkTrainingMpi, HasTheSameBitsAsOnOneRank) {
    const comm::Communicator world = comm::Communicator::world();
    test::SmallTraining together(test::small_training(8), world);
    test::SmallTraining alone(test::small_training(8));
    EXPECT_EQ(together.run(0, 8), alone.run(0, 8));
    const io::NetworkRecord record = together.training.record();
    const io::NetworkRecord expected = alone.training.record();
    EXPECT_EQ(record.weights, expected.weights);
    EXPECT_EQ(record.moments, expected.moments);
    Predictor network(*alone.device, test::small_network(), expected, 5);
    const ImageScore one = score(network, alone.list, 5, alone.communicator);
    const ImageScore all = score(network, alone.list, 5, world);
    EXPECT_EQ(all.right, one.right);
    EXPECT_EQ(all.loss, one.loss);
}

TEST(EncodeTrialsMpi, AreTheSameWhoeverTries) {
    const comm::Communicator world = comm::Communicator::world();
    const comm::Communicator alone;
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const space::CostModel costs(test::small_network());
    const data::ImageSet set = test::halves();
    const data::ImageList list(set, set.class_names);
    const std::vector<space::Genotype> encodes{test::some_genotype(0), test::some_genotype(1), test::some_genotype(2),
                                               test::some_genotype(3)};
    const auto fitness = [&](const comm::Communicator& ranks) {
        WorkSharing sharing(ranks);
        EncodeTrials trials({*device, costs, sharing, ranks}, test::small_network(), {list, list},
                            {test::small_training(3), {}});
        return trials.run(encodes, [] { return false; });
    };
    EXPECT_EQ(fitness(world), fitness(alone));
}

}  // namespace
}  // namespace atnas::engine
