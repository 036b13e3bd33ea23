// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_source.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "support/problems.hpp"

namespace atnas::engine {
namespace {

using testing::all_of;
using testing::mentions;

DataOptions few_strokes() {
    DataOptions options;
    options.strokes = {.classes = 12, .classes_per_group = 3, .images_per_class = 3, .size = 8};
    return options;
}

TEST(TaskSource, RecordsDataAndSplit) {
    const comm::Communicator alone;
    const TaskSource source(few_strokes(), alone);
    const io::DataRecord& record = source.record();
    EXPECT_EQ(record.source, "strokes");
    EXPECT_EQ(record.digest.size(), 16u);
    EXPECT_EQ(record.train.size(), source.split().train.size());
    EXPECT_EQ(record.validation.size(), source.split().validation.size());
    ASSERT_EQ(record.test.size(), source.split().test.size());
    EXPECT_EQ(record.test[0], source.images().class_names[static_cast<std::size_t>(source.split().test[0])]);
    EXPECT_EQ(TaskSource(few_strokes(), alone).record(), record);

    DataOptions other = few_strokes();
    other.strokes.seed = 2;
    EXPECT_NE(TaskSource(other, alone).record().digest, record.digest);
}

TEST(TaskSource, RecordsWhatItsImagesAreLike) {
    const comm::Communicator alone;
    const TaskSource source(few_strokes(), alone);
    const std::vector<std::uint8_t>& pixels = source.images().pixels;
    double sum = 0;
    for (const std::uint8_t value : pixels) sum += value;
    const io::DataRecord& record = source.record();
    ASSERT_TRUE(record.images.has_value());
    EXPECT_EQ(record.images->shape, (space::ImageShape{1, 8, 8}));
    EXPECT_NEAR(record.images->brightness, sum / 255 / static_cast<double>(pixels.size()), 1e-12);
    EXPECT_GT(record.images->brightness, 0);
}

TEST(TaskSource, WithoutImagesKnowsTheirShapeAndDrawsNothing) {
    const comm::Communicator alone;
    const io::DataRecord learned = TaskSource(few_strokes(), alone).record();
    const TaskSource source(learned);
    EXPECT_EQ(source.record(), learned);
    EXPECT_EQ(source.fitted({}).image, (space::ImageShape{1, 8, 8}));
    EXPECT_EQ(source.images().images(), 0);
    EXPECT_THROW(source.training({.way = 2, .shot = 1, .query = 1}), Error);
    EXPECT_THROW(source.held_out({.way = 2, .shot = 1, .query = 1}, data::Role::test), Error);
}

TEST(TaskSource, TrainingTasksMayBeOthers) {
    const comm::Communicator alone;
    const TaskSource source(few_strokes(), alone);
    TaskOptions task{.way = 2, .shot = 1, .query = 2};
    EXPECT_EQ(source.training(task).options().way, 2);
    EXPECT_EQ(source.training(task).options().shot, 1);
    EXPECT_EQ(source.training(task).options().query, 2);
    task.train_way = 3;
    task.train_shot = 2;
    task.train_query = 1;
    EXPECT_EQ(source.training(task).options().way, 3);
    EXPECT_EQ(source.training(task).options().shot, 2);
    EXPECT_EQ(source.training(task).options().query, 1);
    const data::EpisodeSampler judging = source.held_out(task, data::Role::validation);
    EXPECT_EQ(judging.options().way, 2);
    EXPECT_EQ(judging.options().shot, 1);
    EXPECT_EQ(judging.options().query, 2);
}

TEST(TaskSource, AveragesOverTrainingTasks) {
    const comm::Communicator alone;
    const TaskSource source(few_strokes(), alone);
    TaskOptions task{.way = 2, .shot = 1, .query = 2};
    EXPECT_TRUE(source.to_average(task, 1).empty()) << "the statistics are others";
    task.statistics = meta::Statistics::running;
    task.statistics_tasks = 3;
    task.train_way = 3;
    const auto tasks = source.to_average(task, 1);
    ASSERT_EQ(tasks.size(), 3u);
    for (const data::Task& drawn : tasks) {
        EXPECT_EQ(drawn.way, 3);
        for (const int c : drawn.classes) EXPECT_EQ(std::ranges::count(source.split().train, c), 1) << c;
    }
    EXPECT_NE(tasks[0].support.images, tasks[1].support.images);
    EXPECT_EQ(source.to_average(task, 1)[2].support.images, tasks[2].support.images);
    EXPECT_NE(source.to_average(task, 2)[2].support.images, tasks[2].support.images);
}

TEST(TaskSource, OnlyARoleThatIsAskedForNeedsClasses) {
    const comm::Communicator alone;
    DataOptions options = few_strokes();
    const TaskSource whole(options, alone);
    options.split.train = {whole.images().group_names[0]};
    options.split.validation = {whole.images().group_names[1]};
    const TaskSource source(options, alone);
    EXPECT_TRUE(source.record().test.empty());
    const TaskOptions task{.way = 2, .shot = 1, .query = 1};
    EXPECT_NO_THROW(static_cast<void>(source.training(task)));
    EXPECT_NO_THROW(static_cast<void>(source.held_out(task, data::Role::validation)));
    EXPECT_THROW(static_cast<void>(source.held_out(task, data::Role::test)), Error);
}

TEST(TaskSource, OnlyContentAndSplitForbidARestart) {
    const io::DataRecord stored{"old.h5", "1111", {"a", "b"}, {"c"}, {"d"}};
    io::DataRecord now = stored;
    now.source = "new.h5";
    EXPECT_TRUE(data_problems(now, stored).empty()) << "it was only moved";
    now.digest = "2222";
    EXPECT_EQ(mentions(data_problems(now, stored), {"new.h5", "2222", "old.h5", "1111"}), 1);
    now = stored;
    now.train = {"a", "d"};
    now.test = {"b"};
    const auto problems = data_problems(now, stored);
    EXPECT_EQ(problems.size(), 2u);
    EXPECT_EQ(mentions(problems, {"training", "d is new", "b is missing"}), 1) << all_of(problems);
    EXPECT_EQ(mentions(problems, {"test", "b is new", "d is missing"}), 1) << all_of(problems);
}

}  // namespace
}  // namespace atnas::engine
