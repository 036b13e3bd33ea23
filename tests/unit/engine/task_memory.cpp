// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/task_memory.hpp"

#include <gtest/gtest.h>

#include "support/novel_task.hpp"

namespace atnas::engine {
namespace {

TEST(TaskMemory, IsAboutWhatAPlanTakes) {
    NovelTaskFixture user;
    supernet::Supernet& supernet = user.engine.net.supernet();
    for (const space::Genotype& encode : user.encodes(3)) {
        const meta::TaskShape shape{2, 400, 300, meta::Statistics::support};
        meta::TaskPlans plans(supernet);
        supernet.arena(0).reset();
        static_cast<void>(plans.plan(encode, shape));
        const double taken = static_cast<double>(supernet.arena(0).most_taken()) * sizeof(float);
        EXPECT_LT(memory_of(supernet, encode, shape), 2 * taken);
        EXPECT_GT(memory_of(supernet, encode, shape), taken / 2);
    }
}

TEST(TaskMemory, GrowsWithImagesAndClasses) {
    NovelTaskFixture user;
    supernet::Supernet& supernet = user.engine.net.supernet();
    const space::Genotype encode = user.encodes(1).front();
    const double of_few = memory_of(supernet, encode, {2, 10, 10, meta::Statistics::support});
    EXPECT_DOUBLE_EQ(memory_of(supernet, encode, {2, 20, 20, meta::Statistics::support}), 2 * of_few);
    EXPECT_GT(memory_of(supernet, encode, {5, 10, 10, meta::Statistics::support}), of_few);
}

}  // namespace
}  // namespace atnas::engine
