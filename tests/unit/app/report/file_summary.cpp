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
    io::CheckpointState state;
    state.deck_text = effective_text(deck);
    state.deck = deck_pairs(deck);
    state.counters = {{"iteration", 12}};
    state.manifest = {{"stem", 0, {2, 3}}};
    state.weights = {1, 2, 3, 4, 5, 6};
    state.block_steps = {12};
    state.populations = {{{.genotype = make_search_space(deck.space)->from_text("og_v2"), .id = 1}}};
    state.iteration_loss = std::vector<double>(12, 1.0);
    const auto summary = summary_of_file(io::write_checkpoint(folder, state, 3, serial));
    EXPECT_EQ(summary.document["type"], "atnas-checkpoint");
    EXPECT_EQ(summary.document["counters"]["iteration"], 12);
    EXPECT_NE(summary.text.find("6 weights in 1 blocks"), std::string::npos) << summary.text;
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
