// SPDX-License-Identifier: Apache-2.0
#include "atnas/meta/task_shape.hpp"

#include <gtest/gtest.h>

namespace {

using namespace atnas;

TEST(TaskShape, counts_images_of_all_classes_together) {
    const data::Task task{.way = 3, .support = {{}, {0, 1, 2, 2, 2}}, .query = {{}, {1, 0}}};
    EXPECT_EQ(meta::shape_of(task, meta::Statistics::support), (meta::TaskShape{3, 5, 2, meta::Statistics::support}));
    const data::EpisodeOptions options{.way = 7, .shot = 2, .query = 3};
    EXPECT_EQ(meta::shape_of(options, meta::Statistics::query), (meta::TaskShape{7, 14, 21, meta::Statistics::query}));
    const data::EpisodeOptions copied{.way = 7, .shot = 2, .query = 3, .copies = {.count = 2}};
    EXPECT_EQ(meta::shape_of(copied, meta::Statistics::query), (meta::TaskShape{7, 42, 21, meta::Statistics::query}));
}

}  // namespace
