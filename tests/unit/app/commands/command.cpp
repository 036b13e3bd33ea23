// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/command.hpp"

#include <gtest/gtest.h>

#include "atnas/app/commands/bench_command.hpp"
#include "atnas/app/commands/evaluate_command.hpp"
#include "atnas/app/commands/import_command.hpp"
#include "atnas/app/commands/info_command.hpp"
#include "atnas/app/commands/print_text.hpp"
#include "atnas/app/commands/search_command.hpp"
#include "support/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

/// A command that was told \p words, and the problems in these.
template <class C>
C told(const std::vector<std::string>& words, std::vector<Problem>& problems) {
    C command;
    auto keys = read_options(command.table(), words, problems);
    command.complete(std::move(keys), problems, comm::Communicator{});
    return command;
}

template <class C>
C told(const std::vector<std::string>& words) {
    std::vector<Problem> problems;
    C command = told<C>(words, problems);
    EXPECT_TRUE(problems.empty()) << all_of(problems);
    return command;
}

TEST(Command, NamesTheFilesOfItsOptions) {
    const auto one = told<ImportCommand>({"images.zip", "--output=set.h5"}).files();
    ASSERT_EQ(one.outputs.size(), 1u);
    EXPECT_EQ(one.outputs[0].option, "--output");
    ASSERT_EQ(one.inputs.size(), 1u);
    EXPECT_EQ(one.inputs[0].path, "images.zip");
    EXPECT_EQ(told<ImportCommand>({"images.zip", "-o", "set.h5", "--json=import.json"}).files().outputs.size(), 2u);
    EXPECT_TRUE(PrintText("help").files().outputs.empty());
    EXPECT_EQ(told<SearchCommand>({"--json=search.json"}).files().outputs.size(), 1u);
    EXPECT_TRUE(told<SearchCommand>({"--json=search.json", "--dump-deck"}).files().outputs.empty());
}

TEST(Command, TheFolderOfABenchmarkCountsWhenItIsUsed) {
    EXPECT_TRUE(told<BenchCommand>({"--folder=/proc/none"}).output_problems().empty());
    const auto problems =
        told<BenchCommand>({"--folder=/proc/none", std::string("--case=") + checkpoint_case}).output_problems();
    EXPECT_EQ(mentions(problems, {"--folder=/proc/none"}), 1) << all_of(problems);
}

TEST(Command, ADryRunLooksLikeTheRun) {
    const auto problems =
        told<SearchCommand>({"--run.folder=/proc/none", "--json=no/such.json", "--dry-run"}).output_problems();
    EXPECT_EQ(problems.size(), 2u) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.folder"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--json"}), 1) << all_of(problems);
}

TEST(Command, TheDataSetOfACheckpointIsNoOutput) {
    EvaluateOptions evaluate;
    evaluate.checkpoint = "c.h5";
    evaluate.output = "set.h5";
    engine::DataOptions data;
    EXPECT_TRUE(output_problems(evaluate, data).empty());
    data.source = "./set.h5";
    EXPECT_EQ(mentions(output_problems(evaluate, data), {"--output", "the data set"}), 1);
}

TEST(Command, HoldsItsOutputs) {
    const auto json = std::filesystem::path(::testing::TempDir()) / "atnas_command_held.json";
    const auto info = told<InfoCommand>({"set.h5", "--json=" + json.string()});
    const comm::Communicator alone;
    const auto held = hold_outputs(info, alone);
    EXPECT_EQ(held.size(), 1u);
    EXPECT_THROW(hold_outputs(info, alone), Error);
}

}  // namespace
}  // namespace atnas::app
