// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/stored_encodes.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::engine {
namespace {

TEST(StoredEncodes, OnlyLegalOnes) {
    const auto space =
        space::make_search_space({.channels = 4, .image = {1, 12, 12}, .cell = {.cells = 2, .reductions = {1}}});
    const space::Genotype good = space->from_text("og_v2");
    io::CheckpointState state;
    state.path = "c.h5";
    state.populations = {{evo::Individual{}}};
    state.populations[0][0].genotype = good;
    state.archive.judged = {{good, 0.1}};
    state.history = {{0, 0, 0, 0.5, 0.5, good}};
    state.fronts = {{0, 0.5, 0.5, 10, 10, 10, 1.0, good}};
    state.migrations = {{0, 0, 0, evo::Admission::accepted, 0.5, good}};
    state.genealogy = {{0, state.populations[0][0]}};
    expect_legal_encodes(state, *space);

    const auto refusal = [&](const std::function<void(io::CheckpointState&)>& change) {
        io::CheckpointState bad = state;
        change(bad);
        try {
            expect_legal_encodes(bad, *space);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ExitCode::bad_data);
            EXPECT_NE(std::string(error.what()).find("c.h5"), std::string::npos);
            return std::string(error.what());
        }
        return std::string();
    };
    const auto negative = refusal([](auto& s) { s.populations[0][0].genotype.genes[2] = -7; });
    EXPECT_NE(negative.find("/islands/genotypes"), std::string::npos) << negative;
    EXPECT_NE(negative.find("-7"), std::string::npos) << negative;
    EXPECT_NE(refusal([](auto& s) { s.archive.judged[0].genotype.genes[2] = 100; }).find("/archive/genotypes"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.history[0].best_genotype.genes[2] = 100; }).find("/history/best_genotype"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.fronts[0].genotype.genes[2] = 100; }).find("/history/front/genotypes"),
              std::string::npos);
    EXPECT_NE(refusal([](auto& s) { s.migrations[0].genotype.genes.pop_back(); }).find("/migrations/genotypes"),
              std::string::npos);
    EXPECT_NE(
        refusal([](auto& s) { s.genealogy[0].individual.genotype.genes[2] = 100; }).find("/individuals/genotypes"),
        std::string::npos);
}

}  // namespace
}  // namespace atnas::engine
