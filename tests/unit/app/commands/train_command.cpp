// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/commands/train_command.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/comm/communicator.hpp"

namespace atnas::app {
namespace {

/// The options that these words give, with all that is wrong.
struct Given {
    explicit Given(std::vector<std::string> words) {
        words.insert(words.begin(), {"c.h5", "--data=d.h5", "-o", "n.h5"});
        command.complete(read_options(command.table(), words, problems), problems, comm::Communicator());
    }
    TrainCommand command;
    std::vector<Problem> problems;
};

TEST(TrainCommand, ReadsTimes) {
    const auto seconds = [](const std::string& text) { return Given({"--time=" + text}).command.options().time; };
    EXPECT_EQ(seconds("90"), 90);
    EXPECT_EQ(seconds("30:00"), 1800);
    EXPECT_EQ(seconds("1:02:03"), 3723);
    for (const char* text : {"1:60", "-5", "0", "", "1:", "1:2:3:4", "soon"})
        EXPECT_EQ(Given({std::string("--time=") + text}).problems.size(), 1U) << text;
}

TEST(TrainCommand, AnEncodeMeansNoSearchUnlessOneIsAskedFor) {
    EXPECT_EQ(Given({}).command.options().search, TrainSearch::islands);
    const Given encode({"--encode=x"});
    EXPECT_EQ(encode.command.options().search, TrainSearch::none);
    EXPECT_TRUE(encode.problems.empty());
    EXPECT_EQ(Given({"--encode=x", "--search=random"}).problems.size(), 1U);
}

TEST(TrainCommand, OptionsWithoutEffectAreRefused) {
    EXPECT_TRUE(
        Given({"--test-fraction=0.2", "--evaluations=3", "--trial-steps=2", "--trial-images=5"}).problems.empty());
    EXPECT_TRUE(Given({"--search=random", "--evaluations=3"}).problems.empty());
    const Given test({"--test=t.h5", "--test-fraction=0.2"});
    ASSERT_EQ(test.problems.size(), 1U);
    EXPECT_EQ(test.problems.front().problem, "--test-fraction beside --test");
    const Given none({"--search=none", "--trial-images=5", "--evaluations=3"});
    ASSERT_EQ(none.problems.size(), 1U);
    EXPECT_EQ(none.problems.front().problem, "--evaluations, --trial-images beside --search=none");
    const Given encode({"--trial-steps=5", "--encode=x"});
    ASSERT_EQ(encode.problems.size(), 1U);
    EXPECT_EQ(encode.problems.front().problem, "--trial-steps beside --encode");
}

TEST(TrainCommand, ShortNamesAreDeckKeys) {
    const Given given({"--channels=8", "--data.flip=true"});
    ASSERT_EQ(given.command.options().overrides.size(), 2U);
    EXPECT_EQ(given.command.options().overrides[0].name, "space.channels");
    EXPECT_EQ(given.command.options().overrides[1].name, "data.flip");
}

TEST(TrainCommand, TheOutputIsNoneOfTheInputs) {
    const CommandFiles files = Given({"--test=t.h5"}).command.files();
    ASSERT_EQ(files.outputs.size(), 1U);
    EXPECT_EQ(files.inputs.size(), 3U);
}

TEST(TrainCommand, FractionsAndDecaysHaveRanges) {
    for (const char* words : {"--validation-fraction=0", "--test-fraction=1", "--momentum=1", "--average=-0.1",
                              "--rate=0", "--epochs=0", "--warmup=-1"})
        EXPECT_EQ(Given({words}).problems.size(), 1U) << words;
}

TEST(TrainCommand, KeysWithoutEffectAreRefused) {
    EXPECT_TRUE(Given({"--evo.mutation_rate=0.2", "--data.flip=true", "--space.channels=8"}).problems.empty());
    for (const char* key :
         {"--meta.weight_decay=0.1", "--evo.population=6", "--migration.interval=3", "--task.shot=2"}) {
        const Given given({key});
        ASSERT_EQ(given.problems.size(), 1U) << key;
        EXPECT_EQ(given.problems.front().reason, "this command does not use it");
    }
}

}  // namespace
}  // namespace atnas::app
