// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command_line.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "atnas/app/commands/bench_command.hpp"
#include "atnas/app/commands/command_registry.hpp"
#include "atnas/app/commands/evaluate_command.hpp"
#include "atnas/app/commands/import_command.hpp"
#include "atnas/app/commands/info_command.hpp"
#include "atnas/app/commands/predict_command.hpp"
#include "atnas/app/commands/print_text.hpp"
#include "atnas/app/commands/search_command.hpp"
#include "atnas/core/provenance.hpp"
#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

std::unique_ptr<Command> parse(std::vector<std::string> words) {
    words.insert(words.begin(), "atnas");
    return parse_command_line(words, comm::Communicator{});
}

std::vector<Problem> problems_in(const std::vector<std::string>& words) {
    try {
        parse(words);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_deck);
        return error.problems();
    }
    return {};
}

std::string write_deck(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::path(::testing::TempDir()) / ("atnas_command_line_" + name);
    std::ofstream(path) << text;
    return path.string();
}

template <class C>
C parsed_as(const std::vector<std::string>& words) {
    return dynamic_cast<C&>(*parse(words));
}

std::string text_in(const std::vector<std::string>& words) {
    return parsed_as<PrintText>(words).text();
}

TEST(CommandLine, HelpAndVersion) {
    for (const CommandRow& row : command_registry()) {
        EXPECT_NE(text_in({"--help"}).find("\n  " + row.name), std::string::npos);
        EXPECT_NE(text_in({row.name, "--help"}).find("--json PATH"), std::string::npos);
    }
    EXPECT_EQ(text_in({"--version"}), "atnas " + version() + "\n");
}

TEST(CommandLine, UnknownSubcommand) {
    EXPECT_EQ(mentions(problems_in({"serach"}), {"serach", "did you mean \"search\"?"}), 1);
    EXPECT_EQ(problems_in({}).size(), 1U);
}

TEST(CommandLine, SearchReadsDeckAndOverrides) {
    const auto deck = write_deck("good.ini", "[meta]\nbatch = 16\n[run]\nseed = 4\n");
    const SearchOptions search =
        parsed_as<SearchCommand>({"search", deck, "--run.seed=5", "--restart=latest", "--dry-run", "--json=x.json"})
            .options();
    EXPECT_EQ(search.deck.meta.batch, 16);
    EXPECT_EQ(search.deck.run.seed, 5U);
    EXPECT_EQ(search.deck.run.folder, "runs/atnas_command_line_good");
    EXPECT_EQ(search.deck_name, "atnas_command_line_good");
    EXPECT_EQ(search.restart, "latest");
    EXPECT_EQ(search.dry_run, DryRun::yes);
    EXPECT_EQ(search.json, "x.json");
    EXPECT_EQ(parsed_as<SearchCommand>({"search"}).options().dry_run, DryRun::no);
}

TEST(CommandLine, DumpDeckStartsNothing) {
    const auto deck = write_deck("dump.ini", "[meta]\ninner_steps = 3\n");
    const auto search = parsed_as<SearchCommand>({"search", deck, "--dump-deck", "--run.folder=/proc/none"});
    EXPECT_EQ(search.options().dump_deck, DumpDeck::yes);
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(SearchCommand(search).run({comm::Communicator{}, {}}), ExitCode::done);
    EXPECT_EQ(::testing::internal::GetCapturedStdout(), commented_text(search.options().deck));
    EXPECT_NE(commented_text(search.options().deck).find("\ninner_steps = 3\n"), std::string::npos);
}

TEST(CommandLine, ProblemsOfDeckAndOptionsComeTogether) {
    const auto deck = write_deck("bad.ini", "[meta]\niner_steps = 3\n");
    const auto problems = problems_in({"search", deck, "--run.sed=5", "--dryrun", "--task.shot=none"});
    EXPECT_EQ(problems.size(), 4U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {deck + ":2", "meta.inner_steps"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.sed = 5", "run.seed"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--dryrun", "--dry-run"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"task.shot = none"}), 1) << all_of(problems);
}

TEST(CommandLine, MissingDeckIsNamedBesideOtherProblems) {
    const auto problems = problems_in({"search", "no/such.ini", "--run.sed=5"});
    EXPECT_EQ(mentions(problems, {"no/such.ini", "no such file"}), 1) << all_of(problems);
    EXPECT_EQ(problems.size(), 2U) << all_of(problems);
    EXPECT_EQ(mentions(problems_in({"search", ::testing::TempDir()}), {"not a file"}), 1);
}

TEST(CommandLine, WhatIsTooLargeForADeckIsNotRead) {
    const auto large = write_deck("large.ini", std::string(1'000'001, '#'));
    const auto problems = problems_in({"search", large});
    EXPECT_EQ(mentions(problems, {"large.ini", "it has 1000001 bytes"}), 1) << all_of(problems);
    EXPECT_TRUE(problems_in({"search", write_deck("large.ini", std::string(1'000'000, '#'))}).empty());
}

TEST(CommandLine, Evaluate) {
    const auto options =
        parsed_as<EvaluateCommand>({"evaluate", "c.h5", "--tasks=7", "--encode=og_v2", "--way=20", "--steps=0",
                                    "--split=validation", "--transductive=false", "--data=d.h5", "--output=o.h5",
                                    "--json=j", "--seed=9", "--runtime.backend=reference"})
            .options();
    EXPECT_EQ(options.checkpoint, "c.h5");
    EXPECT_EQ(options.tasks, 7);
    EXPECT_EQ(options.encode, "og_v2");
    EXPECT_EQ(options.split, data::Role::validation);
    EXPECT_EQ(options.output, "o.h5");
    EXPECT_EQ(options.json, "j");
    std::map<std::string, std::string> given;
    for (const auto& key : options.overrides) given[key.name] = key.value;
    EXPECT_EQ(given, (std::map<std::string, std::string>{{"task.way", "20"},
                                                         {"meta.eval_steps", "0"},
                                                         {"task.transductive", "false"},
                                                         {"data.source", "d.h5"},
                                                         {"run.seed", "9"},
                                                         {"runtime.backend", "reference"}}));
}

TEST(CommandLine, EvaluateTakesTestClassesUnlessTold) {
    EXPECT_EQ(parsed_as<EvaluateCommand>({"evaluate", "c.h5"}).options().split, data::Role::test);
    EXPECT_EQ(parsed_as<EvaluateCommand>({"evaluate", "c.h5", "--split=all"}).options().split, std::nullopt);
}

TEST(CommandLine, EvaluateTakesSeveralKindsOfTasks) {
    const auto options = parsed_as<EvaluateCommand>({"evaluate", "c.h5", "--tasks-of=5x1,20x5"}).options();
    EXPECT_EQ(options.kinds, (std::vector<TaskKind>{{5, 1}, {20, 5}}));
    EXPECT_TRUE(parsed_as<EvaluateCommand>({"evaluate", "c.h5"}).options().kinds.empty());
    EXPECT_EQ(mentions(problems_in({"evaluate", "c.h5", "--tasks-of=5"}), {"--tasks-of=5", "WAYxSHOT"}), 1);
    for (const char* const other : {"--way=5", "--shot=1", "--task.shot=1"}) {
        const auto problems = problems_in({"evaluate", "c.h5", "--tasks-of=5x1", other});
        EXPECT_EQ(mentions(problems, {"--tasks-of=5x1", "both"}), 1) << all_of(problems);
    }
}

TEST(CommandLine, EvaluateChecksOverridesWithoutTheirDeck) {
    const auto problems = problems_in({"evaluate", "--split=tset", "--meta.rte=1", "--tasks=0"});
    EXPECT_EQ(problems.size(), 4U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"checkpoint.h5 is missing"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--split=tset", "test, validation, train, all"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"meta.rte", "meta.rate"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--tasks=0", ">= 1"}), 1) << all_of(problems);
    // Whether two islands fit the batch is for the deck of the checkpoint to say.
    EXPECT_NO_THROW(parse({"evaluate", "c.h5", "--evo.islands=64"}));
}

TEST(CommandLine, Bench) {
    const auto options =
        parsed_as<BenchCommand>({"bench", "--case=a", "--case=b", "--seconds=0.5", "--backend=onednn"}).options();
    EXPECT_EQ(options.cases, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(options.seconds, 0.5);
    EXPECT_EQ(options.deck.runtime.backend, "onednn");
    EXPECT_EQ(problems_in({"bench", "--backend=gpu", "stray"}).size(), 2U);
    const Deck deck = parsed_as<BenchCommand>({"bench", "--cuda.streams=7", "--cuda.tf32=true", "--backend=cuda",
                                               "--runtime.reduction=fast"})
                          .options()
                          .deck;
    EXPECT_EQ(deck.cuda.streams, 7);
    EXPECT_EQ(deck.cuda.tf32, backend::Tf32::yes);
    EXPECT_EQ(deck.runtime.backend, "cuda");
    EXPECT_EQ(deck.runtime.reduction, comm::Reduction::fast);
    EXPECT_EQ(problems_in({"bench", "--cuda.streams=0", "--meta.batch=3", "--cuda.stream=1"}).size(), 3U);
}

TEST(CommandLine, Import) {
    const auto request = parsed_as<ImportCommand>({"import", "a.zip", "-o", "b.h5", "--size=20x30", "--channels=3",
                                                   "--resample=lanczos", "--invert", "--skip-bad"})
                             .request();
    EXPECT_EQ(request.source, "a.zip");
    EXPECT_EQ(request.output, "b.h5");
    EXPECT_EQ(request.options.height, 20);
    EXPECT_EQ(request.options.width, 30);
    EXPECT_EQ(request.options.channels, 3);
    EXPECT_EQ(request.options.resample, data::Resample::lanczos);
    EXPECT_EQ(request.options.invert, data::Invert::yes);
    EXPECT_EQ(request.options.bad_images, data::BadImages::skip);
    EXPECT_EQ(parsed_as<ImportCommand>({"import", "a", "-o", "b", "--size=20"}).request().options.width, 20);
    const auto problems = problems_in({"import", "--size=0", "--channels=2"});
    EXPECT_EQ(problems.size(), 4U) << all_of(problems);
    EXPECT_EQ(problems_in({"import", "a", "-o", "b", "--size=2x"}).size(), 1U);
}

TEST(CommandLine, ImportOfTables) {
    const auto idx =
        parsed_as<ImportCommand>({"import", "--idx", "i.gz", "l.gz", "-o", "b.h5", "--class-names=a,\"b, c\""})
            .request();
    EXPECT_EQ(idx.idx_images, "i.gz");
    EXPECT_EQ(idx.source, "l.gz");
    EXPECT_EQ(idx.class_names, (std::vector<std::string>{"a", "b, c"}));
    EXPECT_EQ(idx.options.height, 0) << "as in the file";
    const auto list = parsed_as<ImportCommand>({"import", "--list=l.csv", "-o", "b.h5", "--channels=3"}).request();
    EXPECT_EQ(list.list, "l.csv");
    EXPECT_EQ(list.options.height, 28);
    EXPECT_EQ(list.options.channels, 3);
    EXPECT_EQ(problems_in({"import", "--idx=i", "l", "-o", "b", "--class-names=\"a"}).size(), 1U);
}

TEST(CommandLine, Predict) {
    const auto options = parsed_as<PredictCommand>({"predict", "n.h5", "--data=photos", "-o", "a.csv", "--all",
                                                    "--labelled", "--invert", "--skip-bad", "--runtime.threads=2"})
                             .options();
    EXPECT_EQ(options.network, "n.h5");
    EXPECT_EQ(options.data, "photos");
    EXPECT_EQ(options.output, "a.csv");
    EXPECT_EQ(options.columns, ClassColumns::all);
    EXPECT_EQ(options.labelled, Labelled::required);
    EXPECT_EQ(options.images.invert, data::Invert::yes);
    EXPECT_EQ(options.images.bad_images, data::BadImages::skip);
    ASSERT_EQ(options.overrides.size(), 1U);
    EXPECT_EQ(options.overrides[0].name, "runtime.threads");
    EXPECT_EQ(problems_in({"predict"}).size(), 2U) << "network and images";
    EXPECT_EQ(problems_in({"predict", "n.h5", "--data=p", "--task.way=3"}).size(), 1U);
}

TEST(CommandLine, Info) {
    EXPECT_EQ(parsed_as<InfoCommand>({"info", "x.h5"}).options().file, "x.h5");
    EXPECT_EQ(problems_in({"info", "x.h5", "y.h5"}).size(), 1U);
    EXPECT_EQ(problems_in({"info"}).size(), 1U);
}

}  // namespace
}  // namespace atnas::app
