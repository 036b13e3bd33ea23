#include "atnas/app/commands/command_line.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "atnas/core/provenance.hpp"
#include "unit/app/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

CommandLine parse(std::vector<std::string> words) {
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

template <class Request>
Request request_in(const std::vector<std::string>& words) {
    return std::get<Request>(parse(words).request);
}

TEST(CommandLine, HelpAndVersion) {
    for (const char* command : {"import", "search", "evaluate", "info", "bench", "devices"}) {
        EXPECT_NE(request_in<PrintText>({"--help"}).text.find(std::string("\n  ") + command), std::string::npos);
        EXPECT_NE(request_in<PrintText>({command, "--help"}).text.find("--json PATH"), std::string::npos);
    }
    EXPECT_EQ(request_in<PrintText>({"--version"}).text, "atnas " + version() + "\n");
}

TEST(CommandLine, UnknownSubcommand) {
    EXPECT_EQ(mentions(problems_in({"serach"}), {"serach", "did you mean \"search\"?"}), 1);
    EXPECT_EQ(problems_in({}).size(), 1U);
}

TEST(CommandLine, SearchReadsDeckAndOverrides) {
    const auto deck = write_deck("good.ini", "[meta]\nbatch = 16\n[run]\nseed = 4\n");
    const auto line = parse({"search", deck, "--run.seed=5", "--restart=latest", "--dry-run", "--json=x.json"});
    const auto& search = std::get<SearchOptions>(line.request);
    EXPECT_EQ(search.deck.meta.batch, 16);
    EXPECT_EQ(search.deck.run.seed, 5U);
    EXPECT_EQ(search.deck.run.folder, "runs/atnas_command_line_good");
    EXPECT_EQ(search.deck_name, "atnas_command_line_good");
    EXPECT_EQ(search.restart, "latest");
    EXPECT_EQ(search.dry_run, DryRun::yes);
    EXPECT_EQ(search.json, "x.json");
    EXPECT_EQ(line.words.size(), 7U);
    EXPECT_EQ(request_in<SearchOptions>({"search"}).dry_run, DryRun::no);
}

TEST(CommandLine, DumpDeckPrintsTheEffectiveDeck) {
    const auto text = request_in<PrintText>({"search", "--dump-deck", "--meta.inner_steps=3"}).text;
    EXPECT_NE(text.find("\ninner_steps = 3\n"), std::string::npos);
    const auto again = write_deck("dump.ini", text);
    EXPECT_EQ(request_in<PrintText>({"search", again, "--dump-deck"}).text, text);
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

TEST(CommandLine, Evaluate) {
    const auto options =
        request_in<EvaluateOptions>({"evaluate", "c.h5", "--tasks=7", "--encode=og_v2", "--way=20", "--steps=0",
                                     "--split=validation", "--transductive=false", "--data=d.h5", "--output=o.h5",
                                     "--json=j", "--seed=9", "--runtime.backend=reference"});
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

TEST(CommandLine, EvaluateChecksOverridesWithoutTheirDeck) {
    const auto problems = problems_in({"evaluate", "--split=tset", "--meta.rte=1", "--tasks=0"});
    EXPECT_EQ(problems.size(), 4U) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"checkpoint.h5 is missing"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--split=tset", "test, validation, train"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"meta.rte", "meta.rate"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--tasks=0", ">= 1"}), 1) << all_of(problems);
    // Whether two islands fit the batch is for the deck of the checkpoint to say.
    EXPECT_NO_THROW(parse({"evaluate", "c.h5", "--evo.islands=64"}));
}

TEST(CommandLine, Bench) {
    const auto options =
        request_in<BenchOptions>({"bench", "--case=a", "--case=b", "--seconds=0.5", "--backend=onednn"});
    EXPECT_EQ(options.cases, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(options.seconds, 0.5);
    EXPECT_EQ(options.deck.runtime.backend, "onednn");
    EXPECT_EQ(problems_in({"bench", "--backend=gpu", "stray"}).size(), 2U);
    const Deck deck = request_in<BenchOptions>({"bench", "--cuda.streams=7", "--cuda.tf32=true", "--backend=cuda",
                                                "--runtime.reduction=fast"})
                          .deck;
    EXPECT_EQ(deck.cuda.streams, 7);
    EXPECT_EQ(deck.cuda.tf32, backend::Tf32::yes);
    EXPECT_EQ(deck.runtime.backend, "cuda");
    EXPECT_EQ(deck.runtime.reduction, comm::Reduction::fast);
    EXPECT_EQ(problems_in({"bench", "--cuda.streams=0", "--meta.batch=3", "--cuda.stream=1"}).size(), 3U);
}

TEST(CommandLine, Import) {
    const auto request = request_in<ImportRequest>({"import", "a.zip", "-o", "b.h5", "--size=20x30", "--channels=3",
                                                    "--resample=lanczos", "--invert", "--skip-bad"});
    EXPECT_EQ(request.source, "a.zip");
    EXPECT_EQ(request.output, "b.h5");
    EXPECT_EQ(request.options.height, 20);
    EXPECT_EQ(request.options.width, 30);
    EXPECT_EQ(request.options.channels, 3);
    EXPECT_EQ(request.options.resample, data::Resample::lanczos);
    EXPECT_EQ(request.options.invert, data::Invert::yes);
    EXPECT_EQ(request.options.bad_images, data::BadImages::skip);
    EXPECT_EQ(request_in<ImportRequest>({"import", "a", "-o", "b", "--size=20"}).options.width, 20);
    const auto problems = problems_in({"import", "--size=0", "--channels=2"});
    EXPECT_EQ(problems.size(), 4U) << all_of(problems);
    EXPECT_EQ(problems_in({"import", "a", "-o", "b", "--size=2x"}).size(), 1U);
}

TEST(CommandLine, Info) {
    EXPECT_EQ(request_in<InfoOptions>({"info", "x.h5"}).file, "x.h5");
    EXPECT_EQ(problems_in({"info", "x.h5", "y.h5"}).size(), 1U);
    EXPECT_EQ(problems_in({"info"}).size(), 1U);
}

}  // namespace
}  // namespace atnas::app
