// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_images.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "atnas/data/split.hpp"
#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Names = std::vector<std::string>;

constexpr ImportOptions tiny{.height = 2, .width = 2};

ImageSet import(const std::filesystem::path& source, const ImportOptions& options = tiny) {
    ImportReport report;
    return import_images(source, options, report);
}

/// Omniglot's layout in disorder, with things to pass over.
Files alphabets() {
    return {{"set/Latin/character02/b.png", flat_png(4, 4, 40)},
            {"set/", {}},
            {"set/Greek/character01/b.PNG", flat_png(4, 4, 20)},
            {"set/Greek/character01/a.png", flat_png(4, 4, 10)},
            {"set/Greek/.DS_Store", {1}},
            {"__MACOSX/set/Greek/character01/._a.png", {1}},
            {"set/readme.txt", {'x'}},
            {"set/labels.csv", {'x'}},
            {"set/Makefile", {'x'}},
            {"set/Latin/character01/a", flat_png(4, 4, 30)}};
}

void expect_alphabets(const ImageSet& set) {
    EXPECT_EQ(set.shape, (space::ImageShape{1, 2, 2}));
    EXPECT_EQ(set.class_names, (Names{"Greek/character01", "Latin/character01", "Latin/character02"}));
    EXPECT_EQ(set.group_names, (Names{"Greek", "Latin"}));
    EXPECT_EQ(set.group_of_class, (std::vector<std::int32_t>{0, 1, 1}));
    EXPECT_EQ(set.first_of_class, (std::vector<std::int64_t>{0, 2, 3, 4}));
    EXPECT_EQ(set.pixels, (Bytes{10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30, 40, 40, 40, 40}));
    EXPECT_EQ(set.image_names, (Names{"set/Greek/character01/a.png", "set/Greek/character01/b.PNG",
                                      "set/Latin/character01/a", "set/Latin/character02/b.png"}));
}

class ImportArchive : public ::testing::TestWithParam<Packing> {};

TEST_P(ImportArchive, GivesClassesAndGroupsInOrderOfNames) {
    const TemporaryFolder folder;
    write_archive(folder / "archive", GetParam(), alphabets());
    ImportReport report;
    const auto set = import_images(folder / "archive", tiny, report);
    expect_alphabets(set);
    EXPECT_EQ(set.source, (folder / "archive").string());
    EXPECT_EQ(report.images, 4);
    EXPECT_TRUE(report.skipped.empty());
}

TEST_P(ImportArchive, KeepsNamesOfAllAlphabets) {
    const TemporaryFolder folder;
    write_archive(folder / "archive", GetParam(),
                  {{"set/Ä/é.png", flat_png(4, 4, 1)}, {"set/漢字/1.png", flat_png(4, 4, 2)}});
    const auto set = import(folder / "archive");
    EXPECT_EQ(set.class_names, (Names{"Ä", "漢字"}));
    EXPECT_EQ(set.image_names, (Names{"set/Ä/é.png", "set/漢字/1.png"}));
}

INSTANTIATE_TEST_SUITE_P(Packings, ImportArchive,
                         ::testing::Values(Packing::zip, Packing::seven_zip, Packing::tar, Packing::pax,
                                           Packing::gnu_tar, Packing::tar_gz, Packing::tar_xz));

TEST(ImportImages, FolderGivesTheSameAsAnArchive) {
    const TemporaryFolder folder;
    for (const auto& [name, bytes] : alphabets()) {
        if (name.back() != '/') write_file(folder / name, bytes);
    }
    expect_alphabets(import(folder.path()));
    expect_alphabets(import(folder.path() / ""));  // with a slash at the end
    // From inside, the shared folder is not part of the names.
    EXPECT_EQ(import(folder / "set").class_names,
              (Names{"Greek/character01", "Latin/character01", "Latin/character02"}));
    EXPECT_EQ(import(folder / "set").image_names.front(), "Greek/character01/a.png");
}

TEST(ImportImages, WhatMayBeAnImage) {
    const TemporaryFolder folder;
    write_file(folder / "a.png", Bytes{1});
    write_file(folder / "b", flat_png(4, 4, 1));
    write_file(folder / "c.dat", flat_png(4, 4, 1));
    write_file(folder / "d.h5", Bytes{1});
    write_file(folder / "e", Bytes());
    for (const char* name : {"a.png", "b", "c.dat"}) EXPECT_TRUE(may_be_image(folder / name)) << name;
    for (const char* name : {"d.h5", "e", "none.png", "."}) EXPECT_FALSE(may_be_image(folder / name)) << name;
}

TEST(ImportImages, ClassesWithoutGroupsAreOneGroup) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip,
                  {{"dog/1.png", flat_png(1, 1, 1)}, {"./cat/1.png", flat_png(1, 1, 2)}});
    const auto set = import(folder / "a.zip");
    EXPECT_EQ(set.class_names, (Names{"cat", "dog"}));
    EXPECT_EQ(set.group_names, Names{"all"});
}

TEST(ImportImages, OneClassKeepsItsFolder) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip,
                  {{"x/y/dog/1.png", flat_png(1, 1, 1)}, {"x/y/dog/2.png", flat_png(1, 1, 1)}});
    EXPECT_EQ(import(folder / "a.zip").class_names, Names{"dog"});
}

TEST(ImportImages, DepthsMayDiffer) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip,
                  {{"r/a/1.png", flat_png(1, 1, 1)},
                   {"r/b/c/d/1.png", flat_png(1, 1, 1)},
                   {"r/b-e/1.png", flat_png(1, 1, 1)},
                   {"r/b/2.png", flat_png(1, 1, 1)}});
    const auto set = import(folder / "a.zip");
    EXPECT_EQ(set.class_names, (Names{"a", "b", "b/c/d", "b-e"}));
    EXPECT_EQ(set.group_names, (Names{"all", "b/c"}));
    EXPECT_EQ(set.group_of_class, (std::vector<std::int32_t>{0, 0, 1, 0}));
}

TEST(ImportImages, OfTwoEntriesWithOneNameTheLastCountsAndTheOtherIsNamed) {
    const TemporaryFolder folder;
    write_archive(folder / "a.tar", Packing::tar, {{"a/1.png", flat_png(2, 2, 1)}, {"a/1.png", flat_png(2, 2, 9)}});
    ImportReport report;
    EXPECT_EQ(import_images(folder / "a.tar", tiny, report).pixels, (Bytes{9, 9, 9, 9}));
    EXPECT_EQ(report.skipped, (Names{"a/1.png: another image of that name comes later"}));
}

TEST(ImportImages, InvertsConvertsAndResizes) {
    const TemporaryFolder folder;
    // 2 x 4 in RGB: left half black, right half red
    const Bytes row{0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0};
    write_file(folder / "c/1.png", encode_png(4, 2, 8, PngColor::rgb, {row, row}));
    EXPECT_EQ(import(folder.path(), {.height = 1, .width = 2, .invert = Invert::yes}).pixels, (Bytes{255, 179}));
    const auto rgb = import(folder.path(), {.height = 1, .width = 2, .channels = 3});
    EXPECT_EQ(rgb.shape, (space::ImageShape{3, 1, 2}));
    EXPECT_EQ(rgb.pixels, (Bytes{0, 255, 0, 0, 0, 0}));
    const auto sharp = import(folder.path(), {.height = 1, .width = 3, .resample = Resample::lanczos});
    const auto soft = import(folder.path(), {.height = 1, .width = 3, .resample = Resample::area});
    EXPECT_EQ(soft.pixels, (Bytes{0, 38, 76}));
    EXPECT_NE(sharp.pixels, soft.pixels);
}

TEST(ImportImages, ReadsJpegByContent) {
    const TemporaryFolder folder;
    write_file(folder / "c/really_a_jpeg.png", encode_jpeg(8, 8, Bytes(8 * 8 * 3, 200)));
    for (const auto pixel : import(folder.path()).pixels) EXPECT_NEAR(pixel, 200, 2);
}

Files with_bad_images() {
    auto damaged = flat_png(4, 4, 1);
    damaged[45] ^= 1U;
    return {{"r/good/1.png", flat_png(4, 4, 5)}, {"r/good/2.png", damaged}, {"r/lost/1.png", {}},
            {"r/lost/2.gif", {'G', 'I', 'F'}},   {"r/lost/3.HEIC", {1}},    {"stray.png", flat_png(4, 4, 5)}};
}

TEST(ImportImages, BadImagesAreNamedTogether) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip, with_bad_images());
    const auto caught = error_of([&] { import(folder / "a.zip"); });
    EXPECT_EQ(caught.code, ExitCode::bad_data);
    EXPECT_EQ(caught.problems, 5U) << caught.text;
    for (const char* name : {"r/good/2.png", "r/lost/1.png", "r/lost/2.gif", "r/lost/3.HEIC", "stray.png"}) {
        EXPECT_TRUE(caught.mentions(name)) << name << ": " << caught.text;
    }
}

TEST(ImportImages, BadImagesCanBeSkippedAndAreReported) {
    const TemporaryFolder folder;
    write_archive(folder / "a.tar.gz", Packing::tar_gz, with_bad_images());
    ImportReport report;
    const auto set =
        import_images(folder / "a.tar.gz", {.height = 2, .width = 2, .bad_images = BadImages::skip}, report);
    EXPECT_EQ(set.class_names, Names{"good"});  // the class that lost all its images is gone
    EXPECT_EQ(set.images(), 1);
    EXPECT_EQ(report.images, 1);
    ASSERT_EQ(report.skipped.size(), 5U);
    EXPECT_EQ(report.skipped[0], "r/good/2.png: checksum of the PNG is wrong");
    EXPECT_EQ(report.skipped[1], "r/lost/1.png: it is empty");
    EXPECT_EQ(report.lost_classes, Names{"r/lost"});
}

TEST(ImportImages, FilesThatAreNoImagesAreCounted) {
    const TemporaryFolder folder;
    const Files files{{"set/a/1.png", flat_png(4, 4, 1)}, {"set/a/1.mat", {'x'}},
                      {"set/labels.csv", {'x'}},          {"set/a/README", {'x'}},
                      {"set/.DS_Store", {'x'}},           {"set/.git/config.txt", {'x'}}};
    write_archive(folder / "a.zip", Packing::zip, files);
    for (const auto& [name, bytes] : files) write_file(folder / "tree" / name, bytes);
    for (const auto* source : {"a.zip", "tree"}) {
        ImportReport report;
        import_images(folder / source, tiny, report);
        EXPECT_EQ(report.passed_over, 3) << source;
        EXPECT_TRUE(report.skipped.empty()) << source;
    }
}

TEST(ImportImages, ClassesWithImagesOfOneColourAreReported) {
    const TemporaryFolder folder;
    // A glyph whose ink is only in the alpha channel: white over white.
    const auto glyph = encode_png(2, 2, 8, PngColor::grey_alpha, {{255, 0, 255, 255}, {255, 255, 255, 0}});
    write_archive(folder / "a.zip", Packing::zip,
                  {{"a/1.png", glyph},
                   {"a/2.png", encode_png(2, 2, 8, PngColor::grey, {{1, 2}, {3, 4}})},
                   {"b/1.png", encode_png(2, 2, 8, PngColor::grey, {{1, 2}, {3, 4}})}});
    for (const int channels : {1, 3}) {
        ImportReport report;
        import_images(folder / "a.zip", {.height = 2, .width = 2, .channels = channels}, report);
        ASSERT_EQ(report.constant.size(), 1U);
        EXPECT_EQ(report.constant[0].class_name, "a");
        EXPECT_EQ(report.constant[0].constant, 1);
        EXPECT_EQ(report.constant[0].images, 2);
    }
    ImportReport report;
    import_images(folder / "a.zip", {.height = 1, .width = 1}, report);
    EXPECT_TRUE(report.constant.empty());
}

TEST(ImportImages, ManyBadImagesAreCounted) {
    const TemporaryFolder folder;
    Files files;
    for (int i = 0; i < 30; ++i) files.push_back({"c/" + std::to_string(i) + ".png", {1}});
    write_archive(folder / "a.zip", Packing::zip, files);
    const auto caught = error_of([&] { import(folder / "a.zip"); });
    EXPECT_EQ(caught.problems, 21U);
    EXPECT_TRUE(caught.mentions("10 more")) << caught.text;
}

TEST(ImportImages, DamageInsideAZipNamesArchiveAndImage) {
    const TemporaryFolder folder;
    write_archive(folder / "a.zip", Packing::zip, {{"c/1.png", flat_png(90, 90, 1)}, {"c/2.png", flat_png(2, 2, 9)}});
    auto bytes = read_file(folder / "a.zip");
    bytes[80] ^= 1U;  // in the compressed data: nothing after it can be trusted
    write_file(folder / "a.zip", bytes);
    const auto caught = error_of([&] { import(folder / "a.zip"); });
    EXPECT_EQ(caught.code, ExitCode::bad_data);
    EXPECT_TRUE(caught.mentions("c/1.png") && caught.mentions("a.zip")) << caught.text;
}

TEST(ImportImages, WrongChecksumInAZipIsABadImage) {
    const TemporaryFolder folder;
    Bytes noise = flat_png(20, 20, 0);
    for (std::size_t i = 60; i < noise.size(); ++i) noise[i] = static_cast<std::uint8_t>(i * i * 7919 >> 7);
    write_archive(folder / "a.zip", Packing::zip, {{"c/1.png", noise}, {"c/2.png", flat_png(2, 2, 9)}});
    auto bytes = read_file(folder / "a.zip");
    // The checksum that follows the data, as kept in the directory too: PK 1 2, 16 bytes further.
    const Bytes directory{'P', 'K', 1, 2};
    const auto entry = std::search(bytes.begin(), bytes.end(), directory.begin(), directory.end());
    ASSERT_NE(entry, bytes.end());
    *(entry + 16) ^= 1U;
    write_file(folder / "a.zip", bytes);
    EXPECT_TRUE(error_of([&] { import(folder / "a.zip"); }).mentions("c/1.png"));
    EXPECT_EQ(import(folder / "a.zip", {.height = 2, .width = 2, .bad_images = BadImages::skip}).image_names,
              Names{"c/2.png"});
}

TEST(ImportImages, SourcesThatGiveNothingAreErrors) {
    const TemporaryFolder folder;
    write_archive(folder / "empty.zip", Packing::zip, {});
    write_archive(folder / "empty.tar", Packing::tar, {});
    write_archive(folder / "text.zip", Packing::zip, {{"a/b.txt", {1}}});
    write_file(folder / "no_archive", Bytes(1000, 'x'));
    std::filesystem::create_directory(folder / "bare");
    for (const char* name : {"empty.zip", "empty.tar", "text.zip", "no_archive", "bare", "missing.zip"}) {
        const auto caught = error_of([&] { import(folder / name); });
        EXPECT_EQ(caught.code, ExitCode::bad_data) << name;
        EXPECT_TRUE(caught.mentions(name)) << caught.text;
    }
    write_archive(folder / "bad.zip", Packing::zip, {{"a/b.png", {1}}});
    const ImportOptions skip{.height = 2, .width = 2, .bad_images = BadImages::skip};
    EXPECT_TRUE(error_of([&] { import(folder / "bad.zip", skip); }).mentions("every image"));
}

TEST(ImportImages, CutArchivesAreErrorsEvenWhenSkipping) {
    const TemporaryFolder folder;
    Files files;
    for (int i = 0; i < 30; ++i) {
        std::vector<Bytes> rows(30, Bytes(30));
        for (int p = 0; p < 900; ++p) {
            rows[static_cast<std::size_t>(p / 30)][static_cast<std::size_t>(p % 30)] =
                static_cast<std::uint8_t>((i + 3) * p * 7919 >> 5);
        }
        files.emplace_back("c/" + std::to_string(i) + ".png", encode_png(30, 30, 8, PngColor::grey, rows));
    }
    for (const auto packing : {Packing::zip, Packing::tar, Packing::tar_gz, Packing::tar_xz}) {
        const auto path = folder / "cut";
        write_archive(path, packing, files);
        cut_file(path, std::filesystem::file_size(path) / 2);
        const auto caught = error_of([&] { import(path, {.height = 2, .width = 2, .bad_images = BadImages::skip}); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_TRUE(caught.mentions("cut")) << caught.text;
    }
}

TEST(ImportImages, RefusesImpossibleOptions) {
    for (const ImportOptions& options :
         {ImportOptions{.height = 0}, ImportOptions{.width = -1}, ImportOptions{.channels = 2}}) {
        EXPECT_EQ(error_of([&] { import("nowhere", options); }).code, ExitCode::bad_deck);
    }
}

TEST(ImportImages, Omniglot) {
    const auto archive = omniglot_archive();
    if (archive.empty()) GTEST_SKIP() << no_omniglot;
    ImportReport report;
    const auto set = import_images(archive, {.invert = Invert::yes}, report);
    EXPECT_EQ(set.classes(), 964);
    EXPECT_EQ(set.images(), 19280);
    EXPECT_EQ(set.group_names.size(), 30U);
    EXPECT_EQ(set.class_names.front(), "Alphabet_of_the_Magi/character01");
    const double mean =
        std::accumulate(set.pixels.begin(), set.pixels.end(), 0.0) / static_cast<double>(set.pixels.size());
    EXPECT_GT(mean, 10);  // ink is high and rare
    EXPECT_LT(mean, 40);
    const double accuracy = nearest_neighbour_accuracy(set, 100);
    EXPECT_GT(accuracy, 0.35);
    EXPECT_LT(accuracy, 0.75);
    RecordProperty("accuracy", std::to_string(accuracy));

    const auto split = make_split(set, {});
    std::vector<int> groups;
    for (const int c : split.test) groups.push_back(set.group_of_class[static_cast<std::size_t>(c)]);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    EXPECT_EQ(groups.size(), 6U);
}

}  // namespace
}  // namespace atnas::data
