// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/shared_prediction.hpp"

#include <gtest/gtest.h>

#include "atnas/engine/stored_weights.hpp"
#include "support/network_task.hpp"

namespace atnas::engine {
namespace {

TEST(SharedPrediction, IsThatOfTheEnsembleForValuesUpToOne) {
    const auto device = backend::make_backend(backend::BackendKind::reference);
    const space::NetworkOptions options{.channels = 4,
                                        .head = space::Head::linear,
                                        .image = {1, 12, 12},
                                        .way = 3,
                                        .cell = {.cells = 2, .reductions = {1}, .affine = space::NormAffine::yes}};
    RandomStream random({.seed = 5});
    const space::Genotype genotype = space::make_search_space(options)->sample(random);
    supernet::Supernet network = supernet::Supernet::of_one(*device, options, genotype, 1);
    test::fill_weights(network);
    const nn::NormMoments moments(*device, network.graph(genotype));
    std::vector<float> values = moments.values(*device, network.context());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.5f + 0.01f * static_cast<float>(i % 7);
    io::NetworkFile file;
    file.members.push_back({genotype, "", block_records(network.manifest()),
                            nn::download(*device, network.context(), network.weights().values()), values});
    Ensemble ensemble(*device, options, file, 2);

    std::vector<std::uint8_t> pixels;
    std::vector<float> images;
    for (std::size_t i = 0; i < 37 * 144; ++i) {  // more batches than are exchanged at a time
        pixels.push_back(static_cast<std::uint8_t>(i * i / 7));
        images.push_back(static_cast<float>(pixels.back()) / 255);
    }
    const std::vector<float> expected = ensemble.probabilities(images);
    ASSERT_EQ(expected.size(), 111u);
    EXPECT_NE(expected[0], expected[3]);
    EXPECT_EQ(shared_probabilities(ensemble, {pixels, 144}, 2, comm::Communicator()), expected);
}

}  // namespace
}  // namespace atnas::engine
