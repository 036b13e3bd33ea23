// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/adapted_network.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/engine/predictor.hpp"
#include "atnas/meta/task_plans.hpp"
#include "support/network_task.hpp"

namespace atnas::engine {
namespace {

struct Case {
    space::Head head;
    meta::Statistics statistics;
    int steps;
};

class AdaptedNetwork : public testing::TestWithParam<Case> {
  protected:
    AdaptedNetwork()
        : options_{.channels = 4,
                   .head = GetParam().head,
                   .image = {1, 12, 12},
                   .way = 3,
                   .cell = {.cells = 2, .reductions = {1}, .affine = space::NormAffine::yes}},
          supernet_(*device_, options_, 1) {
        test::fill_weights(supernet_);
        training_.push_back(test::task_of({3, 6, 6}, 144, 5, 6));
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    space::NetworkOptions options_;
    supernet::Supernet supernet_;
    meta::TaskPlans plans_{supernet_};
    std::vector<data::Task> training_;
    data::Task task_ = test::task_of({3, 6, 9}, 144, 1, 2);
};

TEST_P(AdaptedNetwork, PredictsFromItsFileWhatThePlanPredicts) {
    meta::TaskEvaluator evaluator(plans_, {{GetParam().steps, 0.05F}, GetParam().statistics, training_});
    RandomStream random({.seed = 5});
    const space::Genotype encode = supernet_.space().sample(random);
    const nn::PassResult expected = evaluator.queue(encode, task_, 0).query_result();
    data::Task one_query = task_;
    one_query.query.labels.resize(1);
    one_query.query.images.resize(144);
    const io::NetworkRecord record = adapted_network(evaluator, encode, one_query);
    EXPECT_EQ(record.encode, supernet_.space().to_text(encode));
    // Any number of images at a time.
    Predictor predictor(*device_, options_, record, 4);
    const std::vector<float> probabilities = predictor.probabilities(task_.query.images);
    double loss = 0;
    for (std::size_t n = 0; n < task_.query.labels.size(); ++n)
        loss -= std::log(probabilities[3 * n + static_cast<std::size_t>(task_.query.labels[n])]);
    EXPECT_NEAR(loss / static_cast<double>(task_.query.labels.size()), expected.loss, 1e-5);
}

TEST_P(AdaptedNetwork, HasOtherWeightsThanTheSupernetWhereStepsAreTaken) {
    meta::TaskEvaluator evaluator(plans_, {{GetParam().steps, 0.05F}, GetParam().statistics, training_});
    RandomStream random({.seed = 5});
    const io::NetworkRecord record = adapted_network(evaluator, supernet_.space().sample(random), task_);
    const std::vector<float> shared = nn::download(*device_, supernet_.context(), supernet_.weights().values());
    bool same = true;
    for (const nn::Block& block : supernet_.manifest().blocks())
        for (const io::BlockRecord& stored : record.manifest) {
            if (stored.name != block.name) continue;
            for (std::size_t i = 0; i < block.shape.count(); ++i)
                same = same && record.weights[stored.offset + i] == shared[block.offset + i];
        }
    EXPECT_EQ(same, GetParam().steps == 0);
}

INSTANTIATE_TEST_SUITE_P(Heads, AdaptedNetwork,
                         testing::Values(Case{space::Head::linear, meta::Statistics::support, 2},
                                         Case{space::Head::zero, meta::Statistics::support, 3},
                                         Case{space::Head::proto, meta::Statistics::support, 2},
                                         Case{space::Head::proto, meta::Statistics::support, 0},
                                         Case{space::Head::proto, meta::Statistics::running, 2},
                                         Case{space::Head::cosine, meta::Statistics::running, 0}),
                         [](const auto& test) { return "case" + std::to_string(test.index); });

}  // namespace
}  // namespace atnas::engine
