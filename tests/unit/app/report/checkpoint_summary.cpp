// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/checkpoint_summary.hpp"

#include <limits>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

class CheckpointSummaryTest : public ::testing::Test {
  protected:
    CheckpointSummaryTest() {
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
    }

    static Deck deck_with(const std::string& evo) {
        DeckSources sources;
        sources.text = "[evo]\n" + evo;
        return make_deck(sources);
    }

    Deck deck{deck_with("islands = 1\n")};
    std::unique_ptr<space::SearchSpace> space{make_search_space(deck.space)};
    space::Genotype genotype{space->from_text("og_v2")};
    io::CheckpointState state;
};

TEST_F(CheckpointSummaryTest, HasCountersIslandsProvenanceAndDeck) {
    const auto summary = checkpoint_summary(state);
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

TEST_F(CheckpointSummaryTest, HasTheNewestFront) {
    EXPECT_FALSE(checkpoint_summary(state).document.contains("front"));
    state.fronts = {{1, 0.1, 0.9, 5, 5, 5, 5, genotype},
                    {2, 0.25, 0.75, 200, 2000, 400, 7.25, genotype},
                    {2, 0.25, 0.5, 100, 1000, 300, std::numeric_limits<double>::quiet_NaN(), genotype}};
    const auto summary = checkpoint_summary(state);
    EXPECT_EQ(summary.document["hypervolume"], 0.25);
    ASSERT_EQ(summary.document["front"].size(), 2U);
    EXPECT_EQ(summary.document["front"][1]["fitness"], 0.5);
    EXPECT_EQ(summary.document["front"][0]["encode"], space->to_text(genotype));
    EXPECT_NE(summary.text.find("front of generation 2 over all islands, hypervolume 0.2500:\n"
                                "  fitness 0.7500, 200 parameters, 2000 MACs, 400 bytes, 7.2 us, normal="),
              std::string::npos)
        << summary.text;
}

TEST_F(CheckpointSummaryTest, SaysWhatDependsOnTiming) {
    state.reproducible = io::Reproducible::no;
    const auto summary = checkpoint_summary(state);
    EXPECT_EQ(summary.document["reproducible"], false);
    EXPECT_NE(summary.text.find("not reproducible"), std::string::npos) << summary.text;
}

TEST_F(CheckpointSummaryTest, NamesTheBestInTheOrderOfTheSearch) {
    state.populations = {
        {{.genotype = genotype, .fitness = 0.8, .difference_error = 0.1, .id = 1, .parameters = 100, .macs = 1000},
         {.genotype = genotype, .fitness = 0.75, .id = 2, .parameters = 200, .macs = 2000}}};
    EXPECT_EQ(checkpoint_summary(state).document["islands"][0]["best_fitness"], 0.8);
    state.deck_text = effective_text(deck_with("islands = 1\ncaution = 1\n"));
    EXPECT_EQ(checkpoint_summary(state).document["islands"][0]["best_fitness"], 0.75);
}

}  // namespace
}  // namespace atnas::app
