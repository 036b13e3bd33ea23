// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/named_images.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Names = std::vector<std::string>;

constexpr ImportOptions tiny{.height = 1, .width = 1};

NamedImages read(const std::filesystem::path& source, const ImportOptions& options = tiny) {
    ImportReport report;
    return read_named_images(source, options, report);
}

TEST(NamedImages, AnyDepthInOrderOfNames) {
    const TemporaryFolder folder;
    write_file(folder / "p/b.png", flat_png(2, 2, 20));
    write_file(folder / "p/a/deep/er.png", flat_png(2, 2, 10));
    write_file(folder / "p/notes.txt", Bytes{1});
    const NamedImages named = read(folder / "p");
    EXPECT_EQ(named.names, (Names{"a/deep/er.png", "b.png"}));
    EXPECT_EQ(named.pixels, (Bytes{10, 20}));
    EXPECT_EQ(named.labels, (Names{"a/deep", ""}));
    EXPECT_EQ(named.shape, (space::ImageShape{1, 1, 1}));
}

TEST(NamedImages, LabelsAreTheClassesOfAnImport) {
    const TemporaryFolder folder;
    const Files files{{"set/Greek/a/1.png", flat_png(2, 2, 1)},
                      {"set/Latin/a/1.png", flat_png(2, 2, 2)},
                      {"set/Latin/b/1.png", flat_png(2, 2, 3)}};
    write_archive(folder / "set.zip", Packing::zip, files);
    EXPECT_EQ(read(folder / "set.zip").labels, (Names{"Greek/a", "Latin/a", "Latin/b"}));
    ImportReport report;
    EXPECT_EQ(import_images(folder / "set.zip", tiny, report).class_names, read(folder / "set.zip").labels);
    // A single class has a name as well.
    write_archive(folder / "one.zip", Packing::zip, {files[0]});
    EXPECT_EQ(read(folder / "one.zip").labels, Names{"a"});
}

TEST(NamedImages, SetsAreFittedAsTheirImagesAre) {
    ImageSet set;
    set.shape = {1, 2, 2};
    set.pixels = {10, 20, 30, 40, 1, 2, 3, 4};
    set.first_of_class = {0, 1, 2};
    set.class_names = {"a", "b"};
    const ImageSet coloured = fitted(set, {.height = 1, .width = 2, .channels = 3});
    EXPECT_EQ(coloured.shape, (space::ImageShape{3, 1, 2}));
    EXPECT_EQ(coloured.pixels, (Bytes{20, 30, 20, 30, 20, 30, 2, 3, 2, 3, 2, 3}));
    EXPECT_EQ(coloured.class_names, set.class_names);
    const NamedImages named = named_images(set, {.height = 1, .width = 2, .channels = 3, .invert = Invert::yes});
    EXPECT_EQ(named.pixels, (Bytes{235, 225, 235, 225, 235, 225, 253, 252, 253, 252, 253, 252}));
    EXPECT_EQ(named.labels, (Names{"a", "b"}));
    EXPECT_EQ(named.names, (Names{"0", "1"}));
    // Its channels become one by their luma: 0.299, 0.587, 0.114.
    set.shape = {3, 1, 1};
    set.pixels = {100, 0, 0, 0, 0, 100};
    EXPECT_EQ(fitted(set, {.height = 1, .width = 1, .channels = 1}).pixels, (Bytes{30, 11}));
}

TEST(NamedImages, FlatFoldersAndSingleImages) {
    const TemporaryFolder folder;
    write_file(folder / "p/2.png", flat_png(2, 2, 20));
    write_file(folder / "p/1.png", flat_png(2, 2, 10));
    EXPECT_EQ(read(folder / "p").names, (Names{"1.png", "2.png"}));
    EXPECT_EQ(read(folder / "p").labels, (Names{"", ""}));
    EXPECT_EQ(read(folder / "p/2.png").names, Names{"2.png"});
    EXPECT_EQ(read(folder / "p/2.png").pixels, Bytes{20});
}

TEST(NamedImages, BadOnesAreNamedAtOnce) {
    const TemporaryFolder folder;
    for (const char* name : {"p/1.png", "p/2.png", "p/in/3.jpg"}) write_file(folder / name, Bytes{1, 2});
    const Caught caught = error_of([&] { read(folder / "p"); });
    EXPECT_EQ(caught.code, ExitCode::bad_data);
    EXPECT_EQ(caught.problems, 3U);
    write_file(folder / "p/4.png", flat_png(2, 2, 20));
    ImportReport report;
    EXPECT_EQ(read_named_images(folder / "p", {.height = 1, .width = 1, .bad_images = BadImages::skip}, report).names,
              Names{"4.png"});
    EXPECT_EQ(report.skipped.size(), 3U);
    EXPECT_EQ(report.images, 1);
    std::filesystem::create_directory(folder / "empty");
    EXPECT_TRUE(error_of([&] { read(folder / "empty"); }).mentions("no PNG or JPEG image"));
}

TEST(NamedImages, OfASet) {
    const ImageSet set = make_set(3, 2, 2, 6);
    const NamedImages same = named_images(set, {.height = 6, .width = 6});
    EXPECT_EQ(same.pixels, set.pixels);
    EXPECT_EQ(same.names, (Names{"0", "1", "2", "3", "4", "5"}));
    EXPECT_EQ(same.labels, (Names{"g0/c0", "g0/c0", "g0/c1", "g0/c1", "g1/c2", "g1/c2"}));
    const NamedImages other = named_images(set, {.height = 3, .width = 2, .channels = 3});
    EXPECT_EQ(other.shape, (space::ImageShape{3, 3, 2}));
    EXPECT_EQ(other.pixels.size(), 6U * 18U);
}

}  // namespace
}  // namespace atnas::data
