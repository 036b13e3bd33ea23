#include "atnas/app/commands/outputs.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "unit/app/problems.hpp"

namespace atnas::app {
namespace {

using testing::all_of;
using testing::mentions;

TEST(Outputs, AreWhatTheOptionsName) {
    ImportRequest import;
    import.source = "images.zip";
    import.output = "set.h5";
    ASSERT_EQ(outputs_of(import).size(), 1u);
    EXPECT_EQ(outputs_of(import)[0].option, "--output");
    import.json = "import.json";
    EXPECT_EQ(outputs_of(import).size(), 2u);
    EXPECT_TRUE(outputs_of(PrintText{"help"}).empty());
    SearchOptions search;
    search.json = "search.json";
    EXPECT_EQ(outputs_of(search).size(), 1u);
    search.dry_run = DryRun::yes;
    EXPECT_TRUE(outputs_of(search).empty()) << "a dry run writes nothing";
}

TEST(Outputs, TheFolderOfABenchmarkCountsWhenItIsUsed) {
    BenchOptions bench;
    bench.folder = "/proc/none";
    EXPECT_TRUE(output_problems(bench).empty());
    bench.cases = {checkpoint_case};
    EXPECT_EQ(mentions(output_problems(bench), {"--folder=/proc/none"}), 1) << all_of(output_problems(bench));
}

TEST(Outputs, ADryRunLooksLikeTheRun) {
    SearchOptions search;
    search.deck.run.folder = "/proc/none";
    search.json = "no/such.json";
    search.dry_run = DryRun::yes;
    const auto problems = output_problems(search);
    EXPECT_EQ(problems.size(), 2u) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"run.folder"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"--json"}), 1) << all_of(problems);
}

TEST(Outputs, TheDataSetOfACheckpointIsNone) {
    EvaluateOptions evaluate;
    evaluate.checkpoint = "c.h5";
    evaluate.output = "set.h5";
    DataOptions data;
    EXPECT_TRUE(output_problems(evaluate, data).empty());
    data.source = "./set.h5";
    EXPECT_EQ(mentions(output_problems(evaluate, data), {"--output", "the data set"}), 1);
}

TEST(Outputs, AreHeld) {
    InfoOptions info;
    info.json = std::filesystem::path(::testing::TempDir()) / "atnas_outputs_held.json";
    const comm::Communicator alone;
    const auto held = hold_outputs(info, alone);
    EXPECT_EQ(held.size(), 1u);
    EXPECT_THROW(hold_outputs(info, alone), Error);
}

}  // namespace
}  // namespace atnas::app
