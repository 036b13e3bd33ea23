// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_split.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "atnas/core/error.hpp"

namespace atnas::data {
namespace {

ImageSet set_of(const std::vector<int>& counts) {
    ImageSet images;
    images.shape = {1, 1, 1};
    images.first_of_class.push_back(0);
    images.group_names.push_back("all");
    for (const int count : counts) {
        images.class_names.push_back("c" + std::to_string(images.class_names.size()));
        images.group_of_class.push_back(0);
        images.first_of_class.push_back(images.first_of_class.back() + count);
    }
    images.pixels.resize(static_cast<std::size_t>(images.images()));
    return images;
}

std::vector<std::int64_t> images_of(const ImageList& list) {
    std::vector<std::int64_t> images;
    for (std::size_t n = 0; n < list.count(); ++n) images.push_back(list.image(n));
    return images;
}

std::map<int, int> by_label(const ImageList& list) {
    std::map<int, int> counts;
    for (const int label : list.labels()) ++counts[label];
    return counts;
}

TEST(ImageSplit, EveryClassGivesItsShare) {
    const ImageSet images = set_of({100, 50, 4});
    const ImageSplit split = split_images(images, {.validation_fraction = 0.1, .test_fraction = 0.2});
    EXPECT_EQ(by_label(split.validation), (std::map<int, int>{{0, 10}, {1, 5}, {2, 1}}));
    EXPECT_EQ(by_label(split.test), (std::map<int, int>{{0, 20}, {1, 10}, {2, 1}}));
    EXPECT_EQ(by_label(split.train), (std::map<int, int>{{0, 70}, {1, 35}, {2, 2}}));
}

TEST(ImageSplit, EveryImageHasOneRoleAndItsLabel) {
    const ImageSet images = set_of({30, 20});
    const ImageSplit split = split_images(images, {});
    std::set<std::int64_t> all;
    for (const ImageList* list : {&split.train, &split.validation, &split.test})
        for (std::size_t n = 0; n < list->count(); ++n) {
            EXPECT_TRUE(all.insert(list->image(n)).second);
            EXPECT_EQ(list->label(n), list->image(n) < 30 ? 0 : 1);
        }
    EXPECT_EQ(all.size(), 50U);
}

TEST(ImageSplit, IsAFunctionOfTheSeed) {
    const ImageSet images = set_of({30, 20});
    EXPECT_EQ(images_of(split_images(images, {.seed = 2}).train), images_of(split_images(images, {.seed = 2}).train));
    const std::vector<std::int64_t> first = images_of(split_images(images, {.seed = 1}).validation);
    EXPECT_NE(first, images_of(split_images(images, {.seed = 2}).validation));
}

TEST(ImageSplit, FirstImagesAreASampleOfAllClasses) {
    const ImageSplit split = split_images(set_of({200, 200}), {.validation_fraction = 0.5, .test_fraction = 0});
    const std::map<int, int> some = by_label(split.validation.first(60));
    EXPECT_GT(some.at(0), 15);
    EXPECT_GT(some.at(1), 15);
    EXPECT_EQ(split.test.count(), 0U) << "no test images are asked for";
}

TEST(ImageSplit, NamesAllClassesWithTooFewImages) {
    const ImageSet images = set_of({2, 10, 1});
    try {
        split_images(images, {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ExitCode::bad_data);
        ASSERT_EQ(error.problems().size(), 2U);
        EXPECT_NE(error.problems()[0].problem.find("'c0'"), std::string::npos);
        EXPECT_NE(error.problems()[1].problem.find("'c2'"), std::string::npos);
    }
    EXPECT_NO_THROW(split_images(set_of({2, 10}), {.test_fraction = 0})) << "nothing to test on is needed";
}

TEST(ImageSplit, RefusesWhatCannotBeDivided) {
    EXPECT_THROW(split_images(set_of({50}), {}), Error);
    EXPECT_THROW(split_images(set_of({50, 50}), {.validation_fraction = 0}), Error);
    EXPECT_THROW(split_images(set_of({50, 50}), {.validation_fraction = 0.5, .test_fraction = 0.5}), Error);
}

}  // namespace
}  // namespace atnas::data
