// SPDX-License-Identifier: Apache-2.0
// Checkpoints whose digests are right and that cannot be all the same: each is refused by array, value and range.

#include <functional>
#include <limits>

#include <gtest/gtest.h>
#include <hdf5.h>

#include "../../mpi/sample_state.hpp"
#include "atnas/core/error.hpp"
#include "atnas/io/checkpoint.hpp"

#include "support/folder.hpp"

namespace atnas::io {
namespace {

const comm::Communicator alone;

/// What the reader says of a checkpoint with that state; "" when it takes it.
std::string complaint(const std::filesystem::path& folder, const CheckpointState& state) {
    const auto path = write_checkpoint(folder, state, 9, alone);
    try {
        read_checkpoint(path, alone);
        return "";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
        return error.what();
    }
}

TEST(CheckpointCheck, ImpossibleValuesAreNamed) {
    const test::Folder folder;
    const CheckpointState good = test::sample_state(12, {2, 3, 24, 2000});
    ASSERT_EQ(complaint(folder.path(), good), "");
    CheckpointState of_a_month = good;
    for (const char* name : {"milliseconds", "search_milliseconds", "training_milliseconds"})
        of_a_month.counters[name] = std::int64_t{30} * 24 * 3600 * 1000;
    EXPECT_EQ(complaint(folder.path(), of_a_month), "");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    struct Case {
        const char* object;
        const char* value;
        std::function<void(CheckpointState&)> change;
    };
    const std::vector<Case> cases{
        {"/counters@generation", "-5", [](auto& s) { s.counters["generation"] = -5; }},
        {"/counters@generation", "3000000000", [](auto& s) { s.counters["generation"] = 3000000000; }},
        {"/counters@tasks", "-1", [](auto& s) { s.counters["tasks"] = -1; }},
        {"/data@width", "0", [](auto& s) { s.data.images->shape.width = 0; }},
        {"/data@channels", "65", [](auto& s) { s.data.images->shape.channels = 65; }},
        {"/data@brightness", "1.5", [](auto& s) { s.data.images->brightness = 1.5; }},
        {"/history/iteration_loss", "11 elements", [](auto& s) { s.iteration_loss.pop_back(); }},
        {"/optimizer/block_steps", "13", [](auto& s) { s.block_steps[0] = 13; }},
        {"/training/counts", "-1", [](auto& s) { s.path_counts[3] = -1; }},
        {"/training/counts", "97", [](auto& s) { s.path_counts[3] = 8 * 12 + 1; }},
        {"/weights/values", "nan", [&](auto& s) { s.weights[7] = static_cast<float>(nan); }},
        {"/optimizer/second_moment", "nan",
         [&](auto& s) { s.optimizer["second_moment"][7] = static_cast<float>(nan); }},
        {"/optimizer/first_moment", "inf",
         [](auto& s) { s.optimizer["first_moment"][7] = std::numeric_limits<float>::infinity(); }},
        {"/weights/manifest/offsets", "head.bias", [](auto& s) { s.manifest[1].offset = 10; }},
        {"/weights/manifest", "stem.conv", [](auto& s) { s.manifest[0].offset = std::uint64_t{1} << 63; }},
        {"/weights/manifest", "stem.conv",
         [](auto& s) {
             s.manifest[0].shape = {std::uint64_t{1} << 32, std::uint64_t{1} << 32};
         }},
        {"/islands/fitness", "1.5", [](auto& s) { s.populations[1][0].fitness = 1.5; }},
        {"/islands/fitness_error", "-0.5", [](auto& s) { s.populations[1][0].fitness_error = -0.5; }},
        {"/islands/tasks", "-3", [](auto& s) { s.populations[1][0].tasks = -3; }},
        {"/islands/age", "-1", [](auto& s) { s.populations[1][2].age = -1; }},
        {"/islands/birth", "4000000000", [](auto& s) { s.populations[1][2].birth = 4000000000; }},
        {"/islands/id", "-2", [](auto& s) { s.populations[0][0].id = -2; }},
        {"/islands/parents", "-2", [](auto& s) { s.populations[0][0].parents[1] = -2; }},
        {"/islands/macs", "-1", [](auto& s) { s.populations[0][0].macs = -1; }},
        {"/archive/fitness", "1.5", [](auto& s) { s.archive.judged[1].fitness = 1.5; }},
        {"/archive/fitness", "nan", [&](auto& s) { s.archive.judged[1].fitness = nan; }},
        {"/archive/correlations", "-2", [](auto& s) { s.archive.correlations[0] = -2; }},
        {"/history/iteration", "13", [](auto& s) { s.history.back().iteration = 13; }},
        {"/history/generation", "0", [](auto& s) { s.history.back().generation = 0; }},
        {"/history/island", "2", [](auto& s) { s.history[1].island = 2; }},
        {"/history/best", "nan", [&](auto& s) { s.history[1].best = nan; }},
        {"/history/mean", "-1.5", [](auto& s) { s.history[1].mean = -1.5; }},
        {"/history/spread", "-0.5", [](auto& s) { s.history[1].spread = -0.5; }},
        {"/history/encodes", "-1", [](auto& s) { s.history[1].encodes = -1; }},
        {"/history/front/generation", "0", [](auto& s) { s.fronts.back().generation = 0; }},
        {"/history/front/hypervolume", "1.5", [](auto& s) { s.fronts[0].hypervolume = 1.5; }},
        {"/history/front/fitness", "nan", [&](auto& s) { s.fronts[1].fitness = nan; }},
        {"/history/front/parameters", "-1", [](auto& s) { s.fronts[1].parameters = -1; }},
        {"/history/front/macs", "-1", [](auto& s) { s.fronts[1].macs = -1; }},
        {"/history/front/memory", "-1", [](auto& s) { s.fronts[1].memory = -1; }},
        {"/history/front/latency", "-1", [](auto& s) { s.fronts[1].latency = -1; }},
        {"/migrations/from", "-1", [](auto& s) { s.migrations[1].from = -1; }},
        {"/migrations/to", "2", [](auto& s) { s.migrations[1].to = 2; }},
        {"/migrations/admission", "3", [](auto& s) { s.migrations[1].admission = evo::Admission{3}; }},
        {"/migrations/fitness", "nan", [&](auto& s) { s.migrations[0].fitness = nan; }},
        {"/individuals/island", "2", [](auto& s) { s.genealogy[3].island = 2; }},
        {"/individuals/birth", "0", [](auto& s) { s.genealogy.back().individual.birth = 0; }},
        {"/individuals/fitness", "1.5", [](auto& s) { s.genealogy[3].individual.fitness = 1.5; }},
        {"/individuals/parents", "-2", [](auto& s) { s.genealogy[3].individual.parents[0] = -2; }},
    };
    for (const Case& one : cases) {
        CheckpointState bad = good;
        one.change(bad);
        const std::string text = complaint(folder.path(), bad);
        EXPECT_NE(text.find(one.object), std::string::npos) << one.object << ": " << text;
        EXPECT_NE(text.find(one.value), std::string::npos) << one.object << ": " << text;
    }
}

/// Not evaluated yet, or skipped: no number, and no damage.
TEST(CheckpointCheck, WhatMayBeNoNumber) {
    const test::Folder folder;
    CheckpointState state = test::sample_state(12, {2, 3, 24, 2000});
    state.populations[0][1].fitness = std::numeric_limits<double>::quiet_NaN();
    state.iteration_loss[3] = std::numeric_limits<double>::quiet_NaN();
    state.archive.correlations[0] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(complaint(folder.path(), state), "");
}

TEST(CheckpointCheck, IslandsWithoutIndividuals) {
    const test::Folder folder;
    CheckpointState state = test::sample_state(12, {2, 3, 24, 2000});
    for (auto& population : state.populations) population.clear();
    EXPECT_NE(complaint(folder.path(), state).find("/islands/genotypes"), std::string::npos);
}

}  // namespace
}  // namespace atnas::io
