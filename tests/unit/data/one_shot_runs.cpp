// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/one_shot_runs.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
namespace fs = std::filesystem;

constexpr ImportOptions small{.height = 2, .width = 2};

Bytes text(const std::string& lines) {
    return {lines.begin(), lines.end()};
}

/// Two runs, the second larger, with items in another order than their classes. Values of pixels tell images apart.
Files two_runs(const std::string& top = "") {
    Files files{{top + "run02/training/class01.png", flat_png(4, 4, 51)},
                {top + "run02/training/class02.png", flat_png(4, 4, 102)},
                {top + "run02/training/class03.png", flat_png(4, 4, 153)},
                {top + "run02/test/item01.png", flat_png(4, 4, 154)},
                {top + "run02/class_labels.txt", text("run02/test/item01.png run02/training/class03.png")},
                {top + "run01/training/class01.png", flat_png(4, 4, 0)},
                {top + "run01/training/class02.png", flat_png(4, 4, 255)},
                {top + "run01/test/item01.png", flat_png(4, 4, 254)},
                {top + "run01/test/item02.png", flat_png(4, 4, 1)},
                {top + "run01/test/item03.png", flat_png(4, 4, 253)},
                {top + "run01/class_labels.txt", text("run01/test/item02.png run01/training/class01.png\r\n"
                                                      "run01/test/item01.png run01/training/class02.png\r\n\n"
                                                      "run01/test/item03.png   run01/training/class02.png\n")},
                {top + "run01/._hidden.png", text("x")}};
    return files;
}

void expect_two_runs(const std::vector<OneShotRun>& runs, const std::string& top = "") {
    ASSERT_EQ(runs.size(), 2U);
    EXPECT_EQ(runs[0].name, top + "run01");
    EXPECT_EQ(runs[0].task.way, 2);
    EXPECT_EQ(runs[0].task.support.labels, (std::vector{0, 1}));
    EXPECT_EQ(runs[0].task.support.images, (std::vector{0.F, 0.F, 0.F, 0.F, 1.F, 1.F, 1.F, 1.F}));
    EXPECT_EQ(runs[0].task.query.labels, (std::vector{1, 0, 1}));
    EXPECT_FLOAT_EQ(runs[0].task.query.images[4], 1.0F / 255);
    EXPECT_EQ(runs[1].name, top + "run02");
    EXPECT_EQ(runs[1].task.way, 3);
    EXPECT_EQ(runs[1].task.query.labels, std::vector{2});
    for (const OneShotRun& run : runs) {
        EXPECT_TRUE(labels_fit(run.task));
        EXPECT_EQ(run.task.query.images.size(), run.task.query.labels.size() * 4);
    }
}

TEST(OneShotRuns, AreReadFromArchivesAndFolders) {
    const TemporaryFolder folder;
    for (const std::string top : {"", "all_runs/"}) {
        write_archive(folder / "runs.zip", Packing::zip, two_runs(top));
        expect_two_runs(read_one_shot_runs(folder / "runs.zip", small), top);
        write_archive(folder / "runs.tar.gz", Packing::tar_gz, two_runs(top));
        expect_two_runs(read_one_shot_runs(folder / "runs.tar.gz", small), top);
    }
    for (const auto& [name, bytes] : two_runs()) write_file(folder / ("tree/" + name), bytes);
    expect_two_runs(read_one_shot_runs(folder / "tree", small));
}

TEST(OneShotRuns, BecomeWhatAnImportMakesOfImages) {
    const TemporaryFolder folder;
    write_archive(folder / "runs.zip", Packing::zip, two_runs());
    const auto plain = read_one_shot_runs(folder / "runs.zip", small);
    const auto inverted = read_one_shot_runs(folder / "runs.zip", {.height = 2, .width = 2, .invert = Invert::yes});
    EXPECT_EQ(inverted[0].task.support.images.front(), 1.0F);
    EXPECT_EQ(
        read_one_shot_runs(folder / "runs.zip", {.height = 3, .width = 2, .channels = 3})[1].task.query.images.size(),
        3U * 3 * 2);
    EXPECT_NE(digest_of(plain), digest_of(inverted));
    EXPECT_EQ(digest_of(plain), digest_of(read_one_shot_runs(folder / "runs.zip", small)));
    std::vector<OneShotRun> relabelled = plain;
    std::swap(relabelled[0].task.query.labels[0], relabelled[0].task.query.labels[1]);
    EXPECT_NE(digest_of(plain), digest_of(relabelled));
    EXPECT_EQ(error_of([&] { read_one_shot_runs(folder / "runs.zip", {.channels = 2}); }).code, ExitCode::bad_deck);
}

/// What is said of the two runs after \p change of their files.
Caught refusal(const std::function<void(Files&)>& change) {
    const TemporaryFolder folder;
    Files files = two_runs();
    change(files);
    write_archive(folder / "runs.zip", Packing::zip, files);
    return error_of([&] { read_one_shot_runs(folder / "runs.zip", small); });
}

void remove(Files& files, const std::string& name) {
    ASSERT_EQ(std::erase_if(files, [&](const auto& file) { return file.first == name; }), 1U) << name;
}

TEST(OneShotRuns, WhatIsMissingIsNamed) {
    const auto without = [](const std::string& name) { return refusal([&](Files& files) { remove(files, name); }); };
    struct Case {
        const char* file;
        std::vector<std::string> parts;
        std::size_t problems;
    };
    const std::vector<Case> cases{
        {"run01/class_labels.txt", {"run \"run01\" has no class_labels.txt"}, 1},
        {"run02/test/item01.png", {"run \"run02\" has no image in test"}, 1},
        {"run01/test/item02.png",
         {"run01/class_labels.txt: \"run01/test/item02.png ", "no image of its folder test"},
         1},
        {"run02/training/class03.png", {"run02/training/class03.png is no image", "nothing says which class"}, 2},
        {"run01/training/class02.png", {"run \"run01\" has 1 image(s) in training"}, 1}};
    for (const Case& missing : cases) {
        const Caught caught = without(missing.file);
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_EQ(caught.problems, missing.problems) << caught.text;
        for (const std::string& part : missing.parts) EXPECT_TRUE(caught.mentions(part)) << part << "\n" << caught.text;
    }
}

TEST(OneShotRuns, LabelsThatSayNothingAreNamed) {
    const auto labelled = [](const std::string& lines) {
        return refusal([&](Files& files) {
            std::ranges::find(files, "run02/class_labels.txt", &Files::value_type::first)->second = text(lines);
        });
    };
    const std::string good = "run02/test/item01.png run02/training/class03.png\n";
    EXPECT_TRUE(labelled("run02/test/item01.png\n").mentions("it is not an item and its class"));
    EXPECT_TRUE(labelled("a b c\n").mentions("it is not an item and its class"));
    EXPECT_TRUE(labelled(good + good).mentions("run02/test/item01.png is there twice"));
    EXPECT_TRUE(labelled("run02/test/item01.png run01/training/class01.png\n").mentions("folder training"));
    EXPECT_TRUE(labelled("run02/training/class01.png run02/training/class01.png\n").mentions("folder test"));
    EXPECT_TRUE(labelled("\n\n").mentions("nothing says which class run02/test/item01.png shows"));
    EXPECT_TRUE(labelled(std::string("\xFF\0\x1B x", 5)).mentions("\\xFF\\x00"));
}

TEST(OneShotRuns, ArchivesOfSomethingElseAreRefused) {
    const TemporaryFolder folder;
    EXPECT_TRUE(error_of([&] { read_one_shot_runs(folder / "none.zip", small); }).mentions("no such file"));
    EXPECT_TRUE(refusal([](Files& files) {
                    files.emplace_back("run01/other/a.png", flat_png(4, 4, 7));
                }).mentions("run01/other/a.png lies in neither training nor test"));
    EXPECT_TRUE(refusal([](Files& files) { files = {{"readme.txt", text("x")}}; }).mentions("there is no run in"));
    const Caught damaged = refusal([](Files& files) { files[0].second.resize(40); });
    EXPECT_EQ(damaged.problems, 1U) << damaged.text;
    EXPECT_TRUE(damaged.mentions("run02/training/class01.png")) << damaged.text;
    write_archive(folder / "cut.zip", Packing::zip, two_runs());
    cut_file(folder / "cut.zip", fs::file_size(folder / "cut.zip") / 2);
    EXPECT_EQ(error_of([&] { read_one_shot_runs(folder / "cut.zip", small); }).code, ExitCode::bad_data);
}

/// As the pixels of the images of Omniglot are: 20 classes, one item of each.
TEST(OneShotRuns, Omniglot) {
    const fs::path sample = omniglot_runs();
    if (sample.empty()) GTEST_SKIP() << no_omniglot_runs;
    const auto runs = read_one_shot_runs(sample, {.invert = Invert::yes});
    ASSERT_FALSE(runs.empty());
    for (const OneShotRun& run : runs) {
        EXPECT_EQ(run.task.way, 20);
        EXPECT_EQ(run.task.support.count(), 20);
        EXPECT_EQ(run.task.query.count(), 20);
        const std::set<int> shown(run.task.query.labels.begin(), run.task.query.labels.end());
        EXPECT_EQ(shown.size(), 20U);
        EXPECT_EQ(run.task.query.images.size(), 20U * 28 * 28);
    }
    // The first line of the first run: item01 shows class08.
    EXPECT_EQ(runs[0].name, "run01");
    EXPECT_EQ(runs[0].task.query.labels[0], 7);
}

}  // namespace
}  // namespace atnas::data
