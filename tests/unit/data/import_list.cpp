// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/import_list.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Names = std::vector<std::string>;

class ImportList : public ::testing::Test {
  protected:
    ImportList() {
        write_file(folder_ / "a.png", flat_png(4, 4, 10));
        write_file(folder_ / "sub/b, c.png", flat_png(4, 4, 20));
        write_file(folder_ / "d", flat_png(4, 4, 30));
    }
    ImageSet import(const std::string& text, BadImages bad = BadImages::fail) {
        write_file(list_, Bytes(text.begin(), text.end()));
        return import_list(list_, {.height = 1, .width = 2, .bad_images = bad}, report_);
    }
    Caught refused(const std::string& text) {
        const Caught caught = error_of([&] { import(text); });
        EXPECT_EQ(caught.code, ExitCode::bad_data);
        return caught;
    }

    TemporaryFolder folder_;
    std::filesystem::path list_{folder_ / "labels.csv"};
    ImportReport report_;
};

TEST_F(ImportList, ClassesAndImagesInOrderOfNames) {
    const ImageSet set = import("d,shoe\n\"sub/b, c.png\",\"bag, small\"\r\na.png,shoe,0.9\n");
    EXPECT_EQ(set.class_names, (Names{"bag, small", "shoe"}));
    EXPECT_EQ(set.first_of_class, (std::vector<std::int64_t>{0, 1, 3}));
    EXPECT_EQ(set.image_names, (Names{"sub/b, c.png", "a.png", "d"}));
    EXPECT_EQ(set.pixels, (Bytes{20, 20, 10, 10, 30, 30}));
    EXPECT_EQ(set.shape, (space::ImageShape{1, 1, 2}));
    EXPECT_EQ(report_.images, 3);
    EXPECT_EQ(report_.constant.size(), 2U);
}

TEST_F(ImportList, HeaderIsPassedOver) {
    EXPECT_EQ(import("file,label\na.png,shoe\n").images(), 1);
    EXPECT_EQ(import("d,shoe\na.png,bag\n").images(), 2) << "a file without an ending is no header";
    EXPECT_TRUE(refused("none.png,shoe\na.png,bag\n").mentions("none.png"));
    EXPECT_TRUE(refused("none,shoe\na.png,shoe\n").mentions("none")) << "its label is that of another line";
}

TEST_F(ImportList, AbsolutePaths) {
    EXPECT_EQ(import((folder_ / "a.png").string() + ",shoe").images(), 1);
}

TEST_F(ImportList, AllThatIsBadIsNamedAtOnce) {
    write_file(folder_ / "broken.png", Bytes{1, 2, 3});
    const std::string text = "a.png,shoe\nnone.png,shoe\nbroken.png,lost\nd\n,bag\nsub/b.png,\na.png,bag\nsub,bag\n";
    const Caught caught = refused(text);
    EXPECT_EQ(caught.problems, 7U) << caught.text;
    for (const char* part : {"image none.png (line 2 of", "there is no file", "image broken.png (line 3 of",
                             "neither PNG nor JPEG", "line 4 of", "no second column", "line 5 of", "file has no name",
                             "line 6 of", "label is empty", "line 7 of", "a.png stands in line 1, too", "is no file"})
        EXPECT_TRUE(caught.mentions(part)) << part << " in " << caught.text;

    const ImageSet set = import(text, BadImages::skip);
    EXPECT_EQ(set.image_names, Names{"a.png"});
    EXPECT_EQ(report_.skipped.size(), 7U);
    EXPECT_EQ(report_.lost_classes, (Names{"bag", "lost"}));
}

TEST_F(ImportList, NothingToTake) {
    EXPECT_TRUE(refused("").mentions("names no image"));
    EXPECT_TRUE(refused("file,label\n").mentions("names no image"));
    EXPECT_TRUE(refused("\"a.png,shoe\n").mentions("a quote has no end"));
    EXPECT_TRUE(error_of([&] { import("none.png,a", BadImages::skip); }).mentions("every image in it is bad"));
    list_ = folder_ / "none.csv";
    EXPECT_TRUE(error_of([&] { import_list(list_, {}, report_); }).mentions("there is no file"));
}

}  // namespace
}  // namespace atnas::data
