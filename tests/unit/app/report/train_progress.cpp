// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/train_progress.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "support/folder.hpp"

namespace atnas::app {
namespace {

const StretchFigures stretch{.step = 20,
                             .steps = 400,
                             .epoch = 1.25,
                             .loss = 0.75,
                             .rate = 0.004,
                             .images_per_second = 1500,
                             .left = 38,
                             .seconds = 2.5};
const TrialFigures trials{.tried = 4, .evaluations = 24, .fitness = 0.5, .encode = "og_v2", .seconds = 1.5};

std::vector<nlohmann::json> lines_of(const std::filesystem::path& file) {
    std::vector<nlohmann::json> lines;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
}

TEST(TrainProgress, EveryStepIsInOneStretch) {
    for (const int steps : {1, 7, 20, 43, 2344}) {
        int covered = 0, reports = 0;
        for (int step = 1; step <= steps; ++step) {
            const int mine = stretch_ending(step, steps);
            if (mine == 0) continue;
            covered += mine;
            ++reports;
            EXPECT_EQ(covered, step) << "of " << steps;
        }
        EXPECT_EQ(covered, steps);
        EXPECT_LE(reports, 20);
        EXPECT_GE(reports, std::min(steps, 15));
    }
}

TEST(TrainProgress, PeopleReadHowFarItIs) {
    EXPECT_EQ(text_of(stretch), "step 20/400  epoch 1.2  loss 0.7500  1500 images/s  38 s left");
    EXPECT_EQ(text_of(trials), "search: 4/24 encodes tried, the best has a loss of 0.6931 on images held out: og_v2");
    TrialFigures broken = trials;
    broken.fitness = -1;
    EXPECT_NE(text_of(broken).find("has no finite loss"), std::string::npos);
    EXPECT_NE(json_of(broken).dump().find("\"loss\":null"), std::string::npos);
}

TEST(TrainProgress, MetricsHaveALinePerStretchAndGoOnAfterARestart) {
    const test::Folder folder;
    const comm::Communicator alone;
    {
        TrainProgress progress(alone);
        progress.start(folder.path(), io::OpenMode::fresh);
        progress.report(trials);
        progress.report(stretch);
    }
    TrainProgress again(alone);
    again.start(folder.path(), io::OpenMode::append);
    again.report(stretch);
    const auto lines = lines_of(folder / "metrics.jsonl");
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[0]["phase"], "search");
    EXPECT_EQ(lines[0]["encodes"], 4);
    EXPECT_NEAR(lines[0]["loss"].get<double>(), 0.6931, 1e-4);
    EXPECT_EQ(lines[1], lines[2]);
    EXPECT_EQ(lines[1]["phase"], "training");
    EXPECT_EQ(lines[1]["step"], 20);
    EXPECT_EQ(lines[1]["rate"], 0.004);
    EXPECT_EQ(lines[1]["images_per_s"], 1500);
    TrainProgress fresh(alone);
    fresh.start(folder.path(), io::OpenMode::fresh);
    EXPECT_TRUE(lines_of(folder / "metrics.jsonl").empty());
}

}  // namespace
}  // namespace atnas::app
