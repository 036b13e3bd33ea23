// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/shared_prediction.hpp"

#include <memory>
#include <optional>

#include <gtest/gtest.h>

#include "atnas/core/digest.hpp"
#include "atnas/data/query_copies.hpp"
#include "atnas/engine/stored_weights.hpp"
#include "support/network_task.hpp"

namespace atnas::engine {
namespace {

constexpr space::ImageShape shape{1, 12, 12};

struct Networks {
    std::unique_ptr<backend::Backend> device = backend::make_backend(backend::BackendKind::reference);
    std::optional<Ensemble> ensemble;

    Networks();
};

Networks::Networks() {
    const space::NetworkOptions options{.channels = 4,
                                        .head = space::Head::linear,
                                        .image = shape,
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
    ensemble.emplace(*device, options, file, 2);
}

std::vector<std::uint8_t> some_pixels(std::size_t images) {
    std::vector<std::uint8_t> pixels;
    for (std::size_t i = 0; i < images * 144; ++i) pixels.push_back(static_cast<std::uint8_t>(i * i / 7));
    return pixels;
}

std::vector<float> values_of(std::span<const std::uint8_t> pixels) {
    std::vector<float> values;
    for (const std::uint8_t pixel : pixels) values.push_back(static_cast<float>(pixel) / 255);
    return values;
}

const data::CopyOptions turned{.count = 2, .augment = {.jitter = {.rotation = 40}}};

std::vector<float> with_copies(Ensemble& ensemble, std::span<const std::uint8_t> pixels, std::uint64_t seed) {
    return shared_probabilities(ensemble, {pixels, shape}, {.batch = 2, .copies = turned, .seed = seed},
                                comm::Communicator());
}

TEST(SharedPrediction, IsThatOfTheEnsembleForValuesUpToOne) {
    Networks networks;
    const auto pixels = some_pixels(37);  // more batches than are exchanged at a time
    const std::vector<float> expected = networks.ensemble->probabilities(values_of(pixels));
    ASSERT_EQ(expected.size(), 111u);
    EXPECT_NE(expected[0], expected[3]);
    EXPECT_EQ(shared_probabilities(*networks.ensemble, {pixels, shape}, {.batch = 2}, comm::Communicator()), expected);
}

TEST(SharedPrediction, CopiesCountInTheMean) {
    Networks networks;
    const auto pixels = some_pixels(3);
    const data::QueryCopies copies(shape, turned);
    const auto as_they_are = networks.ensemble->probabilities(values_of(pixels));
    const auto answers = with_copies(*networks.ensemble, pixels, 1);
    for (std::size_t i = 0; i < 3; ++i) {
        const auto image = std::span(pixels).subspan(i * 144, 144);
        const RandomKey key{.seed = 1, .item = static_cast<std::uint32_t>(Digest::of(std::as_bytes(image)).value())};
        std::vector<double> sum(as_they_are.begin() + static_cast<int>(3 * i),
                                as_they_are.begin() + static_cast<int>(3 * i + 3));
        for (int number = 0; number < turned.count; ++number) {
            const auto changed = copies.copy({.images = values_of(image), .labels = {0}}, key, number);
            const auto some = networks.ensemble->probabilities(changed.images);
            for (std::size_t c = 0; c < 3; ++c) sum[c] += some[c];
        }
        for (std::size_t c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(answers[3 * i + c], static_cast<float>(sum[c] / 3));
    }
    EXPECT_NE(answers, as_they_are);
    EXPECT_NE(with_copies(*networks.ensemble, pixels, 2), answers) << "the seed changes the copies";
}

TEST(SharedPrediction, AnswersWithCopiesDependOnTheImageAlone) {
    Networks networks;
    const auto pixels = some_pixels(5);
    const auto all = with_copies(*networks.ensemble, pixels, 1);
    for (std::size_t i = 0; i < 5; ++i) {
        const auto alone = with_copies(*networks.ensemble, std::span(pixels).subspan(i * 144, 144), 1);
        EXPECT_EQ(alone, std::vector(all.begin() + static_cast<int>(3 * i), all.begin() + static_cast<int>(3 * i + 3)));
    }
}

TEST(SharedPrediction, CopiesThatImagesCannotHaveAreRefused) {
    Networks networks;
    const auto pixels = some_pixels(1);
    const auto asked = [&](int copies) {
        return shared_probabilities(*networks.ensemble, {pixels, shape},
                                    {.batch = 2, .copies = {copies, {.cutout = 12}}}, comm::Communicator());
    };
    EXPECT_THROW(asked(1), Error);
    EXPECT_NO_THROW(asked(0)) << "whatever changes none";
}

}  // namespace
}  // namespace atnas::engine
