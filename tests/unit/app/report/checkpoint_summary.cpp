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
    EXPECT_NE(summary.text.find("iteration 12 of 1000, 0 tasks, 3 generations.\n"), std::string::npos) << summary.text;
    EXPECT_NE(summary.text.find("best fitness 0.7500"), std::string::npos) << summary.text;
    EXPECT_NE(summary.text.find("\nislands = 1  # default 2\n"), std::string::npos) << summary.text;
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
    state.reproducibility.lose("a clock decided");
    const auto summary = checkpoint_summary(state);
    EXPECT_EQ(summary.document["reproducible"], false);
    EXPECT_EQ(summary.document["why_not_reproducible"][0], "a clock decided");
    EXPECT_NE(summary.text.find("It is not reproducible: a clock decided.\n"), std::string::npos) << summary.text;
}

TEST_F(CheckpointSummaryTest, SaysHowItStandsAndWhatComesNext) {
    state.path = "run/latest.h5";
    state.data.source = "omniglot.h5";
    state.provenance = {{"version", "0.1.0"},
                        {"host", "node7"},
                        {"user", "alice"},
                        {"started", "2026-01-31T12:00:00Z"},
                        {"ranks", "4"}};
    const auto has = [&](const std::string& part) {
        const std::string text = checkpoint_summary(state).text;
        EXPECT_NE(text.find(part), std::string::npos) << part << " is not in:\n" << text;
    };
    has("A search over 5-way 1-shot tasks of omniglot.h5: iteration 12 of 1000");
    has("Started 2026-01-31T12:00:00Z by alice on node7, 4 ranks, atnas 0.1.0.\n");
    has("It is reproducible from its deck.\n");
    has("`atnas search DECK --restart=run/latest.h5` goes on from here");
    state.provenance.pop_back();  // as older programs wrote it
    has(" on node7, atnas 0.1.0.\n");
    state.counters["skipped_steps"] = 1;
    has("1 step skipped: ");
    state.counters["iteration"] = 1000;
    has("`atnas evaluate run/latest.h5` judges it");
    state.counters["generation_due"] = 1;
    has("`atnas search DECK --restart=run/latest.h5` goes on from here");
    state.path = "my run/latest.h5";
    has("--restart='my run/latest.h5'");
}

TEST_F(CheckpointSummaryTest, NamesTheBestOfAllIslands) {
    EXPECT_NE(checkpoint_summary(state).text.find("Best network: fitness 75.00 % of 0 tasks"), std::string::npos);
    state.populations.push_back({{.genotype = genotype, .fitness = 0.8, .tasks = 20, .id = 3, .macs = 1500000}});
    EXPECT_NE(checkpoint_summary(state).text.find("Best network: fitness 80.00 % of 20 tasks"), std::string::npos);
    state.populations = {{{.genotype = genotype, .id = 1}}};
    EXPECT_NE(checkpoint_summary(state).text.find("Nobody was judged yet"), std::string::npos);
}

TEST_F(CheckpointSummaryTest, ATrainingIsNoSearch) {
    state.counters = {{"iteration", 12}, {"train_phase", 1}, {"train_steps", 500}};
    state.populations.clear();
    state.data.source = "fashion.h5";
    state.path = "run/latest.h5";
    const std::string text = checkpoint_summary(state).text;
    EXPECT_NE(text.find("A training on fashion.h5: step 12 of 500.\n"), std::string::npos) << text;
    EXPECT_NE(text.find("the same `atnas train` with --restart=run/latest.h5 goes on from here"), std::string::npos)
        << text;
    EXPECT_NE(text.find("It is reproducible from its command line.\n"), std::string::npos) << text;
    EXPECT_EQ(text.find("Best network"), std::string::npos) << text;
    state.counters["train_phase"] = 0;
    EXPECT_NE(checkpoint_summary(state).text.find("it searches, 0 encodes tried so far"), std::string::npos);
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
