// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_reader.hpp"

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"
#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

DeckSources sources_of(std::string text, std::vector<Assignment> overrides = {}) {
    return {.name = "trial", .origin = "trial.ini", .text = std::move(text), .overrides = std::move(overrides)};
}

TEST(DeckReader, CommandLineOverridesDeckOverridesDefault) {
    const auto deck =
        make_deck(sources_of("[meta]\nbatch = 16\ninner_steps = 3\n", {{"meta.inner_steps", "2", "command line"}}));
    EXPECT_EQ(deck.meta.inner_steps, 2);
    EXPECT_EQ(deck.meta.batch, 16);
    EXPECT_EQ(deck.meta.outer.rate, 0.001);
}

TEST(DeckReader, FolderIsNamedAfterTheDeck) {
    EXPECT_EQ(make_deck(sources_of("")).run.folder, "runs/trial");
    EXPECT_EQ(make_deck(sources_of("[run]\nfolder = here\n")).run.folder, "here");
    EXPECT_EQ(make_deck({}).run.folder, "runs/default");
}

TEST(DeckReader, WayOfTheNetworkIsThatOfTheTask) {
    EXPECT_EQ(make_deck(sources_of("[task]\nway = 20\n")).space.way, 20);
}

TEST(DeckReader, AllProblemsComeTogether) {
    std::vector<Problem> problems;
    collect_deck(
        sources_of("[meta]\niner_steps = 3\nrate = fast\nbatch = 0\nlearner = mamml\nnonsense\n[evo]\nelite = 7\n",
                   {{"evo.islnds", "4", "command line"}, {"task.way", "1", "command line"}}),
        problems);
    EXPECT_EQ(problems.size(), 8U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"trial.ini:2", "meta.iner_steps = 3", "did you mean meta.inner_steps?"}), 1);
    EXPECT_EQ(mentions(problems, {"trial.ini:3", "meta.rate = fast", "not a number"}), 1);
    EXPECT_EQ(mentions(problems, {"trial.ini:4", "meta.batch = 0", ">= 1"}), 1);
    EXPECT_EQ(mentions(problems, {"trial.ini:5", "meta.learner = mamml", "fomaml,maml,meta_sgd,anil,reptile"}), 1);
    EXPECT_EQ(mentions(problems, {"trial.ini:6", "nonsense"}), 1);
    EXPECT_EQ(mentions(problems, {"evo.elite = 7", "evo.offspring = 4"}), 1);
    EXPECT_EQ(mentions(problems, {"command line: evo.islnds = 4", "evo.islands"}), 1);
    EXPECT_EQ(mentions(problems, {"command line: task.way = 1", "2 ... 10000"}), 1);
    EXPECT_THROW(make_deck(sources_of("nonsense")), Error);
}

TEST(DeckReader, WrongValuesDoNotCauseProblemsElsewhere) {
    std::vector<Problem> problems;
    // With the default population of 8 the elite would be too large; the user meant another.
    collect_deck(sources_of("[evo]\npopulation = 2o\nelite = 10\n"), problems);
    EXPECT_EQ(problems.size(), 1U) << all_of(problems);
}

TEST(DeckReader, OverridesMayNotContradictEachOther) {
    std::vector<Problem> problems;
    collect_deck(sources_of("", {{"run.seed", "1", "command line"}, {"run.seed", "2", "command line"}}), problems);
    EXPECT_EQ(mentions(problems, {"run.seed = 2", "already given as 1"}), 1) << all_of(problems);
}

TEST(DeckReader, OrderedReductionsAreKnownFromStoredDecksOnly) {
    DeckSources sources = sources_of("[runtime]\nreduction = ordered\n");
    std::vector<Problem> problems;
    collect_deck(sources, problems);
    EXPECT_EQ(problems.size(), 1u);
    EXPECT_EQ(mentions(problems, {"runtime.reduction = ordered", "replaced by exact sums", "write exact"}), 1)
        << all_of(problems);
    sources.text_of = TextOf::checkpoint;
    EXPECT_EQ(make_deck(sources).runtime.reduction, comm::Reduction::exact);
    sources.overrides = {{"runtime.reduction", "ordered", "command line"}};
    EXPECT_THROW(make_deck(sources), Error) << "what is said today is today's";
}

TEST(DeckReader, AValueIsOneLine) {
    std::vector<Problem> problems;
    collect_deck(sources_of("", {{"run.folder", "a\nb", "command line"}}), problems);
    EXPECT_EQ(mentions(problems, {"run.folder", "line break"}), 1) << all_of(problems);
}

TEST(DeckReader, LongValuesAreQuotedInPart) {
    const std::string much(5'000'000, '7');
    std::vector<Problem> problems;
    collect_deck(sources_of("[run]\nseed = " + much + "\nkeeep = " + much + "\n" + much +
                                " = 1\n[space]\nreductions = 1," + much.substr(0, 50000) + "\n",
                            {{"meta.rate", much, "command line"}, {"meta.rate", much, "command line"}}),
                 problems);
    EXPECT_EQ(problems.size(), 7U);
    for (const auto& problem : problems) EXPECT_LT(problem.text().size(), 800U) << problem.text();
    EXPECT_EQ(mentions(problems, {"run.seed = 777", "(5000000 bytes)"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.keeep", "did you mean run.keep?"}), 1) << all_of(problems);
}

/// Takes minutes when every key is compared with all that exist.
TEST(DeckReader, OfManyUnknownKeysTheFirstAreListed) {
    std::string text = "[run]\n";
    constexpr int keys = 1'000'000;
    for (int i = 0; i < keys; ++i) text += "key_" + std::to_string(i) + "=1\n";
    std::vector<Problem> problems;
    collect_deck(sources_of(text), problems);
    EXPECT_EQ(problems.size(), 51U);
    EXPECT_EQ(mentions(problems, {"run.key_0 = 1", "no such key"}), 1);
    EXPECT_EQ(mentions(problems, {"trial.ini", "and 999950 more"}), 1) << all_of(problems);
}

TEST(DeckReader, StoredDeckIsThatOfTheCheckpointUnderTheOverrides) {
    io::CheckpointState stored;
    stored.path = "run/c.h5";
    stored.deck_text = "[run]\nseed = 5\n[task]\nway = 7\n[migration]\nmode = async\n";
    const Deck deck = stored_deck(stored, {{"task.way", "3", "command line"}});
    EXPECT_EQ(deck.run.seed, 5u);
    EXPECT_EQ(deck.task.way, 3);
    EXPECT_EQ(stored_deck(stored).task.way, 7);
    stored.deck_text = "[run]\nseed = five\n";
    try {
        stored_deck(stored);
        ADD_FAILURE() << "not refused";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        EXPECT_EQ(mentions(error.problems(), {"run/c.h5", "seed", "five"}), 1);
    }
}

TEST(DeckReader, RestartRefusesWhatIsFrozenAndNothingElse) {
    const auto stored = deck_pairs(make_deck(sources_of("")));
    auto pairs = stored;
    pairs.emplace_back("old.key", "gone");
    EXPECT_TRUE(restart_problems(make_deck(sources_of("")), pairs).empty());
    const auto changed =
        make_deck(sources_of("[run]\nseed = 2\niterations = 5\n[space]\nchannels = 8\n[meta]\nrate = 0.5\n"));
    const auto problems = restart_problems(changed, stored);
    EXPECT_EQ(problems.size(), 2U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.seed = 2", "with 1"}), 1);
    EXPECT_EQ(mentions(problems, {"space.channels = 8", "with 16"}), 1);
}

TEST(DeckReader, LearnedRatesKeepTheirStepsAndTheirStart) {
    const std::string learner = "[meta]\nlearner = meta_sgd\n";
    const auto stored = deck_pairs(make_deck(sources_of(learner)));
    const auto changed = make_deck(sources_of(learner + "inner_steps = 3\ninner_rate = 0.5\n"));
    EXPECT_EQ(mentions(restart_problems(changed, stored), {"meta.inner_steps = 3", "with 5"}), 1);
    EXPECT_EQ(changed_keys(changed, stored).size(), 1u) << "that of the steps, which are refused";
    const auto fomaml = make_deck(sources_of("[meta]\ninner_steps = 3\n"));
    EXPECT_TRUE(restart_problems(fomaml, deck_pairs(make_deck(sources_of("")))).empty());
}

TEST(DeckReader, ChangedKeysAreThoseThatResultsDependOn) {
    const auto stored = deck_pairs(make_deck(sources_of("")));
    EXPECT_TRUE(changed_keys(make_deck(sources_of("")), stored).empty());
    EXPECT_TRUE(changed_keys(make_deck(sources_of("[run]\niterations = 7\nkeep = 9\nwalltime = 3\n")), stored).empty());
    EXPECT_TRUE(changed_keys(make_deck(sources_of("[runtime]\nwork = static\n[cuda]\nstreams = 1\n")), stored).empty());
    EXPECT_TRUE(changed_keys(make_deck(sources_of("[task]\nquery_copies = 4\n")), stored).empty());
    EXPECT_EQ(changed_keys(make_deck(sources_of("[task]\nsupport_copies = 4\n")), stored).size(), 1u);
    EXPECT_EQ(changed_keys(make_deck(sources_of("[meta]\nrate = 0.5\n")), stored),
              std::vector<std::string>{"meta.rate: 0.001 -> 0.5"});
    const auto cosine =
        changed_keys(make_deck(sources_of("[run]\niterations = 7\n[meta]\nschedule = cosine\n")), stored);
    EXPECT_EQ(cosine.size(), 2u) << "the length of the run is part of the schedule";
    const auto finalists = changed_keys(make_deck(sources_of("[run]\niterations = 7\n[evo]\nuntil = 0.5\n")), stored);
    EXPECT_EQ(finalists.size(), 2u) << "and of when islands stop to evolve";
}

}  // namespace
}  // namespace atnas::app
