// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/task.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

data::Task with_labels(int way, std::vector<int> support, std::vector<int> query) {
    return {.way = way, .support = {{}, std::move(support)}, .query = {{}, std::move(query)}};
}

TEST(Task, classes_may_have_unequal_numbers_of_images) {
    EXPECT_TRUE(data::labels_fit(with_labels(3, {2, 0, 2, 1, 2}, {1})));
    EXPECT_EQ(with_labels(3, {2, 0, 2, 1, 2}, {1}).support.count(), 5);
}

TEST(Task, every_class_has_an_image_to_learn_from) {
    EXPECT_FALSE(data::labels_fit(with_labels(3, {0, 2, 2}, {1})));
    EXPECT_FALSE(data::labels_fit(with_labels(1, {}, {})));
}

TEST(Task, labels_are_classes_of_the_task) {
    EXPECT_FALSE(data::labels_fit(with_labels(2, {0, 1, 2}, {0})));
    EXPECT_FALSE(data::labels_fit(with_labels(2, {0, 1, -1}, {0})));
    EXPECT_FALSE(data::labels_fit(with_labels(2, {0, 1}, {2})));
    EXPECT_FALSE(data::labels_fit(with_labels(2, {0, 1}, {0, -1})));
}

}  // namespace
