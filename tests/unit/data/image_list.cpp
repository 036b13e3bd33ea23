// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_list.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

/// Two classes of two and three images of one pixel, whose value is its number times 51.
ImageSet pixels() {
    ImageSet images;
    images.shape = {1, 1, 1};
    images.pixels = {0, 51, 102, 153, 204};
    images.first_of_class = {0, 2, 5};
    images.class_names = {"b", "a"};
    images.group_of_class = {0, 0};
    images.group_names = {"all"};
    return images;
}

TEST(ImageList, GivesPixelsInItsOrder) {
    const ImageSet set = pixels();
    const ImageList list(set, {4, 0, 2}, {1, 0, 1});
    ASSERT_EQ(list.count(), 3U);
    const std::vector<float> values = list.pixels(1, 2);
    ASSERT_EQ(values.size(), 2U);
    EXPECT_FLOAT_EQ(values[0], 0.0F);
    EXPECT_FLOAT_EQ(values[1], 0.4F);
    EXPECT_EQ(list.first(2).image(1), 0);
    EXPECT_EQ(list.first(9).count(), 3U);
}

TEST(ImageList, LabelsFollowTheNamesOfClasses) {
    const ImageSet set = pixels();
    const ImageList list(set, std::vector<std::string>{"a", "b", "c"});
    ASSERT_EQ(list.count(), 5U);
    EXPECT_EQ(list.label(0), 1) << "the first class of the set is b";
    EXPECT_EQ(list.label(4), 0);
}

TEST(ImageList, RefusesClassesThatNobodyLearned) {
    const ImageSet set = pixels();
    try {
        const ImageList list(set, std::vector<std::string>{"b"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        ASSERT_EQ(error.problems().size(), 1U);
        EXPECT_NE(error.problems().front().problem.find("'a'"), std::string::npos);
    }
}

}  // namespace
}  // namespace atnas::data
