// SPDX-License-Identifier: Apache-2.0
#pragma once
/// \file
/// A checkpoint with something in every field, and what to compare.

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/evo/population_bytes.hpp"
#include "atnas/io/checkpoint.hpp"

namespace atnas::test {

struct SampleShape {
    int islands{3};
    int individuals{4};
    int genes{24};
    std::size_t weights{150001};  ///< several chunks, and no multiple of anything
};

inline space::Genotype sample_genotype(int seed, int genes) {
    space::Genotype genotype;
    for (int g = 0; g < genes; ++g) genotype.genes.push_back(static_cast<std::int8_t>((seed * 7 + g * 5) % 127 - 3));
    return genotype;
}

inline io::CheckpointState sample_state(std::int64_t iteration, SampleShape shape) {
    io::CheckpointState state;
    state.deck_text = "[search]\nislands = 3\n";
    state.deck = {{"search.islands", "3"}, {"run.seed", "1"}, {"meta.learner", "fomaml"}, {"data.path", ""}};
    // More than HDF5 keeps together unless told.
    for (int key = 0; key < 50; ++key) state.deck.emplace_back("more.key" + std::to_string(key), std::string(20, 'v'));
    state.provenance = {{"version", "0.1.0"}, {"command line", "atnas search deck.ini"}};
    state.data = {"images.h5",   "0123456789abcdef", {"Greek/a", "Latin/b"},
                  {"Tagálog/c"}, {"Korean/d"},       io::ImageFigures{{3, 8, 9}, 0.25}};
    if (iteration % 2 != 0) {
        state.reproducibility.lose("a clock decided");
        state.reproducibility.lose("a key changed");
    }
    state.counters = {{"iteration", iteration}, {"generation", iteration / 10}, {"tasks", 8 * iteration}};
    const std::uint64_t half = shape.weights / 2;
    state.manifest = {{"stem.conv", 0, {half, 1, 1, 1}}, {"head.bias", half, {shape.weights - half}}};
    state.weights.resize(shape.weights);
    state.optimizer["first_moment"].resize(shape.weights);
    state.optimizer["second_moment"].resize(shape.weights);
    for (std::size_t i = 0; i < shape.weights; ++i) {
        state.weights[i] = static_cast<float>(i) * 0.25f + static_cast<float>(iteration);
        state.optimizer["first_moment"][i] = -static_cast<float>(i);
        state.optimizer["second_moment"][i] = 1.0f / static_cast<float>(i + 1);
    }
    state.block_steps = {iteration, iteration / 2};
    for (int place = 0; place < 7 * shape.genes; ++place) state.path_counts.push_back(place % 11 * iteration / 2);
    for (int island = 0; island < shape.islands; ++island) {
        evo::Population population;
        for (int k = 0; k < shape.individuals; ++k) {
            const int id = 100 * island + k;
            population.push_back({.genotype = sample_genotype(id, shape.genes),
                                  .fitness = 0.5 + 0.0001 * id,
                                  .fitness_error = 0.01 * k,
                                  .difference_error = 0.02 * k,
                                  .tasks = 20.5 + k,
                                  .age = id % 3,
                                  .birth = id % 5,
                                  .id = id,
                                  .parents = {id - 1, -1},
                                  .parameters = 1000 + id,
                                  .macs = 5000000000 + id});
        }
        state.populations.push_back(std::move(population));
    }
    for (int a = 0; a < 6; ++a) state.archive.judged.push_back({sample_genotype(70 + a, shape.genes), 0.1 * a - 0.2});
    state.archive.correlations = {0.5, -0.25};
    for (int h = 0; h < 5; ++h) {
        state.history.push_back({h / 3, std::min<std::int64_t>(10 * h, iteration), h % shape.islands, 0.1 * h, 0.05 * h,
                                 sample_genotype(h, shape.genes), 0.01 * h, h + 1});
    }
    for (int f = 0; f < 4; ++f)
        state.fronts.push_back({f / 2, 0.25 + 0.5 * (f / 2), 0.75 - 0.1 * f, 2000 - f, 6000000000 - f, 7000000000 - f,
                                12.5 + f, sample_genotype(20 + f, shape.genes)});
    for (int m = 0; m < 2; ++m) {
        state.migrations.push_back({m, m, (m + 1) % shape.islands, static_cast<evo::Admission>(m % 2), 0.25 * m,
                                    sample_genotype(50 + m, shape.genes)});
    }
    for (int e = 0; e < 7; ++e) {
        evo::Individual individual = state.populations[e % shape.islands][0];
        individual.birth = e / 3;
        individual.id += 1000 + e;
        individual.memory = 4000 + e;
        individual.latency = 0.5 * e;
        state.genealogy.push_back({e % shape.islands, individual});
    }
    for (std::int64_t t = 0; t < iteration; ++t) state.iteration_loss.push_back(2.5 / static_cast<double>(t + 1));
    return state;
}

/// In every field.
inline void expect_equal(const evo::Population& a, const evo::Population& b) {
    std::vector<std::byte> first, second;
    evo::append_bytes(a, first);
    evo::append_bytes(b, second);
    EXPECT_TRUE(first == second);
}

inline void expect_equal(const io::CheckpointState& a, const io::CheckpointState& b) {
    EXPECT_EQ(a.deck_text, b.deck_text);
    EXPECT_EQ(a.deck, b.deck);
    EXPECT_EQ(a.provenance, b.provenance);
    EXPECT_EQ(a.data, b.data);
    EXPECT_EQ(a.reproducibility, b.reproducibility);
    EXPECT_EQ(a.counters, b.counters);
    ASSERT_EQ(a.manifest.size(), b.manifest.size());
    for (std::size_t i = 0; i < a.manifest.size(); ++i) {
        EXPECT_EQ(a.manifest[i].name, b.manifest[i].name);
        EXPECT_EQ(a.manifest[i].offset, b.manifest[i].offset);
        EXPECT_EQ(a.manifest[i].shape, b.manifest[i].shape);
    }
    EXPECT_TRUE(a.weights == b.weights);
    EXPECT_TRUE(a.optimizer == b.optimizer);
    EXPECT_EQ(a.block_steps, b.block_steps);
    EXPECT_EQ(a.path_counts, b.path_counts);
    ASSERT_EQ(a.populations.size(), b.populations.size());
    for (std::size_t i = 0; i < a.populations.size(); ++i) expect_equal(a.populations[i], b.populations[i]);
    EXPECT_EQ(a.archive.judged, b.archive.judged);
    EXPECT_EQ(a.archive.correlations, b.archive.correlations);
    ASSERT_EQ(a.history.size(), b.history.size());
    for (std::size_t i = 0; i < a.history.size(); ++i) {
        EXPECT_EQ((std::vector{a.history[i].generation, a.history[i].iteration, a.history[i].island}),
                  (std::vector{b.history[i].generation, b.history[i].iteration, b.history[i].island}));
        EXPECT_EQ(a.history[i].best, b.history[i].best);
        EXPECT_EQ(a.history[i].mean, b.history[i].mean);
        EXPECT_EQ(a.history[i].spread, b.history[i].spread);
        EXPECT_EQ(a.history[i].encodes, b.history[i].encodes);
        EXPECT_EQ(a.history[i].best_genotype, b.history[i].best_genotype);
    }
    ASSERT_EQ(a.fronts.size(), b.fronts.size());
    for (std::size_t i = 0; i < a.fronts.size(); ++i) {
        const io::FrontRecord& x = a.fronts[i];
        const io::FrontRecord& y = b.fronts[i];
        EXPECT_EQ((std::vector{x.generation, x.parameters, x.macs, x.memory}),
                  (std::vector{y.generation, y.parameters, y.macs, y.memory}));
        EXPECT_EQ((std::vector{x.hypervolume, x.fitness, x.latency}),
                  (std::vector{y.hypervolume, y.fitness, y.latency}));
        EXPECT_EQ(x.genotype, y.genotype);
    }
    ASSERT_EQ(a.migrations.size(), b.migrations.size());
    for (std::size_t i = 0; i < a.migrations.size(); ++i) {
        const evo::MigrationRecord& x = a.migrations[i];
        const evo::MigrationRecord& y = b.migrations[i];
        EXPECT_EQ((std::vector{x.generation, x.from, x.to}), (std::vector{y.generation, y.from, y.to}));
        EXPECT_EQ(x.admission, y.admission);
        EXPECT_EQ(x.fitness, y.fitness);
        EXPECT_EQ(x.genotype, y.genotype);
    }
    EXPECT_EQ(a.iteration_loss, b.iteration_loss);
    ASSERT_EQ(a.genealogy.size(), b.genealogy.size());
    for (std::size_t i = 0; i < a.genealogy.size(); ++i) {
        EXPECT_EQ(a.genealogy[i].island, b.genealogy[i].island);
        expect_equal({a.genealogy[i].individual}, {b.genealogy[i].individual});
    }
}

}  // namespace atnas::test
