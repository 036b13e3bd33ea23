// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_idx.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Names = std::vector<std::string>;

constexpr ImportOptions as_stored{.height = 0, .width = 0, .channels = 0};

class ImportIdx : public ::testing::Test {
  protected:
    void write(const std::vector<std::uint32_t>& shape, const Bytes& images, const Bytes& labels) {
        write_file(source_.images, encode_idx(shape, images));
        write_file(source_.labels, encode_idx({static_cast<std::uint32_t>(labels.size())}, labels));
    }
    ImageSet import(const ImportOptions& options = as_stored, const Names& names = {}) {
        return import_idx(source_, options, names, report_);
    }
    void refuse(const std::string& why, const Names& names = {}) {
        const Caught caught = error_of([&] { import(as_stored, names); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        EXPECT_EQ(caught.problems, 1U);
        EXPECT_TRUE(caught.mentions(why)) << caught.text;
    }

    TemporaryFolder folder_;
    IdxSource source_{folder_ / "images", folder_ / "labels"};
    ImportReport report_;
};

TEST_F(ImportIdx, ClassesAreTheLabels) {
    write({4, 1, 2}, {10, 11, 20, 21, 30, 31, 40, 40}, {10, 2, 10, 0});
    const ImageSet set = import();
    EXPECT_EQ(set.shape, (space::ImageShape{1, 1, 2}));
    EXPECT_EQ(set.class_names, (Names{"0", "2", "10"}));
    EXPECT_EQ(set.first_of_class, (std::vector<std::int64_t>{0, 1, 2, 4}));
    EXPECT_EQ(set.pixels, (Bytes{40, 40, 20, 21, 10, 11, 30, 31}));
    EXPECT_EQ(set.image_names, (Names{"3", "1", "0", "2"}));
    EXPECT_EQ(set.group_names, Names{"all"});
    EXPECT_EQ(set.source, source_.images.string());
    EXPECT_EQ(report_.images, 4);
    ASSERT_EQ(report_.constant.size(), 1U);
    EXPECT_EQ(report_.constant[0].class_name, "0");
}

TEST_F(ImportIdx, NamesAreByLabel) {
    write({3, 1, 1}, {1, 2, 3}, {1, 0, 1});
    EXPECT_EQ(import(as_stored, {"shirt", "bag"}).class_names, (Names{"shirt", "bag"}));
    refuse("no image has the label 2 of class \"shoe\"", {"shirt", "bag", "shoe"});
    refuse("it has the label 1, but 1 class names", {"shirt"});
    refuse("bag appears twice", {"bag", "bag"});
}

TEST_F(ImportIdx, ChannelsComeFirstOrLast) {
    write({1, 3, 1, 2}, {1, 2, 3, 4, 5, 6}, {0});
    EXPECT_EQ(import().shape, (space::ImageShape{3, 1, 2}));
    EXPECT_EQ(import().pixels, (Bytes{1, 2, 3, 4, 5, 6}));
    write({1, 2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {0});
    EXPECT_EQ(import().shape, (space::ImageShape{3, 2, 2}));
    EXPECT_EQ(import().pixels, (Bytes{1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12}));
    write({2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, {0, 0});
    EXPECT_EQ(import().pixels, (Bytes{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(ImportIdx, SizeColourAndInkAsAsked) {
    write({1, 2, 2}, {10, 20, 30, 40}, {5});
    EXPECT_EQ(import({.height = 1, .width = 1, .channels = 0}).pixels, Bytes{25});
    EXPECT_EQ(import({.height = 0, .width = 1, .channels = 3}).pixels, (Bytes{15, 35, 15, 35, 15, 35}));
    EXPECT_EQ(import({.height = 0, .width = 0, .channels = 1, .invert = Invert::yes}).pixels,
              (Bytes{245, 235, 225, 215}));
    write({1, 3, 1, 1}, {255, 0, 0}, {5});
    EXPECT_EQ(import({.height = 0, .width = 0, .channels = 1}).pixels, Bytes{76});
}

TEST_F(ImportIdx, WhatDoesNotFit) {
    write({2, 1, 1}, {1, 2}, {0, 1, 1});
    refuse("it has 2 images, but " + source_.labels.string() + " has 3 labels");
    write({4}, {1, 2, 3, 4}, {0, 1, 1, 0});
    refuse("have the shape 4");
    write({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8}, {0});
    refuse("have the shape 1 x 2 x 2 x 2");
    write({1, 1, 4097}, Bytes(4097), {0});
    refuse("4096 pixels at most");
    std::swap(source_.images, source_.labels);
    refuse("labels have one axis");
    source_.labels = folder_ / "none";
    refuse("there is no such file");
}

}  // namespace
}  // namespace atnas::data
