// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/file_summary.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/core/error.hpp"
#include "atnas/data/strokes.hpp"
#include "atnas/io/checkpoint.hpp"
#include "atnas/io/data_set_file.hpp"
#include "atnas/io/file_type.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

using std::filesystem::path;

class FileSummaryTest : public ::testing::Test {
  protected:
    FileSummaryTest() { std::filesystem::create_directories(folder); }
    ~FileSummaryTest() override { std::filesystem::remove_all(folder); }

    ExitCode refusal(const path& file) {
        try {
            summary_of_file(file);
        } catch (const Error& error) {
            message = error.what();
            return error.code();
        }
        return ExitCode::done;
    }

    // Of each test its own: they run side by side.
    path folder{path(::testing::TempDir()) /
                ("atnas_file_summary_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))};
    std::string message;
    comm::Communicator serial;
};

io::CheckpointState small_state(const Deck& deck, const space::Genotype& genotype) {
    io::CheckpointState state;
    state.deck_text = effective_text(deck);
    state.deck = deck_pairs(deck);
    state.provenance = {{"version", "0.1.0"}, {"host", "somewhere"}};
    state.counters = {{"iteration", 12}, {"generation", 3}};
    state.manifest = {{"stem", 0, {2, 3}}};
    state.weights = {1, 2, 3, 4, 5, 6};
    state.optimizer = {{"first", {0, 0, 0, 0, 0, 0}}};
    state.block_steps = {12};
    // The first was never evaluated.
    state.populations = {{{.genotype = genotype, .id = 1, .parameters = 100, .macs = 1000},
                          {.genotype = genotype, .fitness = 0.75, .id = 2, .parameters = 200, .macs = 2000}}};
    state.history = {{0, 12, 0, 0.75, 0.5, genotype}};
    state.iteration_loss = std::vector<double>(12, 1.0);
    return state;
}

TEST_F(FileSummaryTest, DataSet) {
    const auto file = folder / "set.h5";
    io::write_data_set(
        file, data::make_strokes({.classes = 5, .classes_per_group = 3, .images_per_class = 4, .size = 12}), {});
    const auto summary = summary_of_file(file);
    EXPECT_EQ(summary.document["type"], "atnas-data");
    EXPECT_EQ(summary.document["images"], 20);
    EXPECT_EQ(summary.document["classes"], 5);
    EXPECT_EQ(summary.document["height"], 12);
    ASSERT_EQ(summary.document["groups"].size(), 2U);
    EXPECT_EQ(summary.document["groups"][0]["classes"], 3);
    EXPECT_EQ(summary.document["groups"][1]["classes"], 2);
    EXPECT_NE(summary.text.find("20 images of 1 x 12 x 12"), std::string::npos) << summary.text;
    EXPECT_NE(summary.text.find("5 classes of 4 images in 2 groups"), std::string::npos) << summary.text;
}

TEST_F(FileSummaryTest, Checkpoint) {
    DeckSources sources;
    sources.text = "[evo]\nislands = 1\n";
    const Deck deck = make_deck(sources);
    const auto space = make_search_space(deck.space);
    const auto genotype = space->from_text("og_v2");
    const auto file = io::write_checkpoint(folder, small_state(deck, genotype), 3, serial);
    const auto summary = summary_of_file(file);
    EXPECT_EQ(summary.document["type"], "atnas-checkpoint");
    EXPECT_EQ(summary.document["counters"]["iteration"], 12);
    EXPECT_EQ(summary.document["weights"], 6);
    EXPECT_EQ(summary.document["reproducible"], true);
    EXPECT_EQ(summary.document["deck"]["evo.islands"], "1");
    EXPECT_EQ(summary.document["provenance"]["host"], "somewhere");
    ASSERT_EQ(summary.document["islands"].size(), 1U);
    const auto& island = summary.document["islands"][0];
    EXPECT_EQ(island["best_fitness"], 0.75);
    EXPECT_EQ(island["params"], 200);
    EXPECT_EQ(island["encode"], space->to_text(genotype));
    ASSERT_EQ(island["members"].size(), island["individuals"]);
    for (const auto& member : island["members"]) EXPECT_EQ(member["encode"], space->to_text(genotype));
    EXPECT_EQ(island["members"][0]["params"], 100);
    EXPECT_NE(summary.text.find("iteration 12"), std::string::npos) << summary.text;
    EXPECT_NE(summary.text.find("best fitness 0.7500"), std::string::npos) << summary.text;
    EXPECT_NE(summary.text.find("[evo]\nislands = 1\n"), std::string::npos) << summary.text;
}

TEST_F(FileSummaryTest, CheckpointWithFronts) {
    DeckSources sources;
    sources.text = "[evo]\nislands = 1\n";
    const Deck deck = make_deck(sources);
    const auto space = make_search_space(deck.space);
    const auto genotype = space->from_text("og_v2");
    auto state = small_state(deck, genotype);
    EXPECT_FALSE(summary_of_file(io::write_checkpoint(folder, state, 3, serial)).document.contains("front"));
    state.fronts = {
        {1, 0.1, 0.9, 5, 5, genotype}, {2, 0.25, 0.75, 200, 2000, genotype}, {2, 0.25, 0.5, 100, 1000, genotype}};
    const auto summary = summary_of_file(io::write_checkpoint(folder, state, 3, serial));
    EXPECT_EQ(summary.document["hypervolume"], 0.25);
    ASSERT_EQ(summary.document["front"].size(), 2U);
    EXPECT_EQ(summary.document["front"][1]["fitness"], 0.5);
    EXPECT_EQ(summary.document["front"][0]["encode"], space->to_text(genotype));
    EXPECT_NE(summary.text.find("front of generation 2 over all islands, hypervolume 0.2500:\n"
                                "  fitness 0.7500, 200 parameters, 2000 MACs, normal="),
              std::string::npos)
        << summary.text;
}

TEST_F(FileSummaryTest, CheckpointThatDependsOnTiming) {
    DeckSources sources;
    sources.text = "[evo]\nislands = 1\n";
    const Deck deck = make_deck(sources);
    auto state = small_state(deck, make_search_space(deck.space)->from_text("og_v2"));
    state.reproducible = io::Reproducible::no;
    const auto summary = summary_of_file(io::write_checkpoint(folder, state, 3, serial));
    EXPECT_EQ(summary.document["reproducible"], false);
    EXPECT_NE(summary.text.find("not reproducible"), std::string::npos) << summary.text;
}

TEST_F(FileSummaryTest, Evaluation) {
    const auto name = folder / "evaluation.h5";
    {
        auto file = io::File::create(name, serial, io::Access::serial);
        write_type(file, io::evaluation_type);
        file.attribute("/", "accuracy", 0.9);
        file.attribute("/", "tasks", std::int64_t{100});
        file.attribute("/", "encode", std::string("conv4"));
        write_completion(file);
        file.close();
    }
    const auto summary = summary_of_file(name);
    EXPECT_EQ(summary.document["accuracy"], 0.9);
    EXPECT_EQ(summary.document["tasks"], 100);
    EXPECT_EQ(summary.document["encode"], "conv4");
}

TEST_F(FileSummaryTest, RefusesWhatItDoesNotKnow) {
    EXPECT_EQ(refusal(folder / "none.h5"), ExitCode::bad_data);
    EXPECT_NE(message.find("none.h5"), std::string::npos);
    EXPECT_EQ(refusal(folder), ExitCode::bad_data);
    std::ofstream(folder / "text.h5") << "no HDF5";
    EXPECT_EQ(refusal(folder / "text.h5"), ExitCode::bad_data);
    for (const auto& type : {"", "atnas-something"}) {
        auto file = io::File::create(folder / "other.h5", serial, io::Access::serial);
        if (*type != '\0') write_type(file, {type, 1});
        file.close();
        EXPECT_EQ(refusal(folder / "other.h5"), ExitCode::bad_data) << type;
        std::filesystem::remove(folder / "other.h5");
    }
}

}  // namespace
}  // namespace atnas::app
