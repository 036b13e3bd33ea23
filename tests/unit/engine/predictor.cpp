// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/predictor.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "atnas/meta/adaptation.hpp"
#include "atnas/meta/task_plans.hpp"
#include "support/network_task.hpp"

namespace atnas::engine {
namespace {

class PredictorTest : public testing::Test {
  protected:
    /// That encode of the supernet, with moments.
    io::NetworkRecord record_of(const space::Genotype& genotype, std::vector<float> moments) {
        const supernet::Supernet alone = supernet::Supernet::of_one(*device_, options_, genotype, 1);
        io::NetworkRecord record{
            genotype, supernet_.space().to_text(genotype), block_records(alone.manifest()), {}, std::move(moments)};
        io::CheckpointState state;
        state.manifest = block_records(supernet_.manifest());
        state.weights = nn::download(*device_, supernet_.context(), supernet_.weights().values());
        supernet::Supernet filled = supernet::Supernet::of_one(*device_, options_, genotype, 2);
        EXPECT_EQ(copy_blocks(state, StoredWeights::last, filled), filled.weights().size()) << "all of them are there";
        record.weights = nn::download(*device_, filled.context(), filled.weights().values());
        return record;
    }
    space::Genotype drawn(std::uint32_t item) {
        RandomStream random({.seed = 5, .item = item});
        return supernet_.space().sample(random);
    }
    std::string complaint(const io::NetworkRecord& record) {
        try {
            const Predictor predictor(*device_, options_, record, 2);
            return "";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::bad_data);
            return error.what();
        }
    }

    std::unique_ptr<backend::Backend> device_ = backend::make_backend(backend::BackendKind::reference);
    space::NetworkOptions options_{.channels = 4,
                                   .head = space::Head::linear,
                                   .image = {1, 12, 12},
                                   .way = 3,
                                   .cell = {.cells = 2, .reductions = {1}, .affine = space::NormAffine::yes}};
    supernet::Supernet supernet_{*device_, options_, 1};
    data::Task task_ = test::task_of({3, 3, 9}, 144, 1, 2);
};

TEST_F(PredictorTest, GivesTheProbabilitiesThatTheLossOfTheQueryIsMadeOf) {
    test::fill_weights(supernet_);
    const space::Genotype genotype = drawn(0);
    meta::TaskPlans plans(supernet_);
    meta::TaskPlan& joint = plans.plan(genotype, meta::shape_of(task_, meta::Statistics::joint));
    joint.write_task(task_);
    nn::NormMoments kept(*device_, joint.graph());
    kept.set(*device_, supernet_.context(), joint.measure());
    meta::TaskPlan& running = plans.plan(genotype, meta::shape_of(task_, meta::Statistics::running));
    running.normalise_by(kept);
    const nn::PassResult expected = meta::Adaptation({.steps = 0}).run(running, task_);

    // Batches of 2, the last one half full.
    Predictor predictor(*device_, options_, record_of(genotype, kept.values(*device_, supernet_.context())), 2);
    const std::vector<float> probabilities = predictor.probabilities(task_.query.images);
    const auto classes = static_cast<std::size_t>(predictor.classes());
    ASSERT_EQ(probabilities.size(), task_.query.labels.size() * classes);
    double loss = 0;
    for (std::size_t n = 0; n < task_.query.labels.size(); ++n) {
        double sum = 0;
        for (std::size_t c = 0; c < classes; ++c) sum += static_cast<double>(probabilities[n * classes + c]);
        EXPECT_NEAR(sum, 1, 1e-6);
        loss -= std::log(probabilities[n * classes + static_cast<std::size_t>(task_.query.labels[n])]);
    }
    EXPECT_NEAR(loss / static_cast<double>(task_.query.labels.size()), expected.loss, 1e-5);
}

TEST_F(PredictorTest, RefusesWhatIsNotOfItsNetwork) {
    const space::Genotype genotype = drawn(1);
    const nn::NormMoments moments(*device_, supernet_.graph(genotype));
    const io::NetworkRecord whole = record_of(genotype, moments.values(*device_, supernet_.context()));
    EXPECT_EQ(complaint(whole), "");
    io::NetworkRecord missing = whole;
    missing.manifest[0].name = "other";
    EXPECT_NE(complaint(missing).find("block " + whole.manifest[0].name + " is missing"), std::string::npos);
    io::NetworkRecord reshaped = whole;
    std::swap(reshaped.manifest[0].shape[0], reshaped.manifest[0].shape[1]);
    EXPECT_NE(complaint(reshaped).find("instead of"), std::string::npos);
    io::NetworkRecord fewer = whole;
    fewer.moments.pop_back();
    EXPECT_NE(complaint(fewer).find("moments"), std::string::npos);
    io::NetworkRecord illegal = whole;
    illegal.genotype.genes.front() = 100;
    EXPECT_NE(complaint(illegal).find("genes"), std::string::npos);
}

TEST_F(PredictorTest, AnEnsembleIsTheMeanOfItsMembers) {
    test::fill_weights(supernet_);
    io::NetworkFile file;
    std::vector<std::vector<float>> each;
    for (std::uint32_t item = 0; item < 2; ++item) {
        const space::Genotype genotype = drawn(item);
        nn::NormMoments moments(*device_, supernet_.graph(genotype));
        std::vector<float> values = moments.values(*device_, supernet_.context());
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.5f + 0.01f * static_cast<float>(i % 7);
        file.members.push_back(record_of(genotype, values));
        each.push_back(Predictor(*device_, options_, file.members.back(), 3).probabilities(task_.query.images));
    }
    Ensemble ensemble(*device_, options_, file, 3);
    const std::vector<float> mean = ensemble.probabilities(task_.query.images);
    ASSERT_EQ(mean.size(), each[0].size());
    EXPECT_NE(each[0], each[1]);
    for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(mean[i], (each[0][i] + each[1][i]) / 2, 1e-7f);
}

}  // namespace
}  // namespace atnas::engine
