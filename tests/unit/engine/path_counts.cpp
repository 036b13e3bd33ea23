// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/path_counts.hpp"

#include <gtest/gtest.h>

namespace atnas::engine {
namespace {

class PathCountsTest : public testing::Test {
  protected:
    std::int64_t count(const PathCounts& counts, std::size_t gene, std::size_t value) {
        return counts.total(alone)[gene * counts.values() + value];
    }

    const comm::Communicator alone;
    std::unique_ptr<space::SearchSpace> space = space::make_search_space({});
    space::Genotype path = space->canonical(space->from_text("og_v2"));
};

TEST_F(PathCountsTest, CountsTheGenesOfStepsThatWereMade) {
    PathCounts counts(*space);
    EXPECT_EQ(counts.values(), 7u) << "operations; a node has at most 4 inputs to choose from";
    EXPECT_EQ(counts.total(alone), std::vector<std::int64_t>(24 * 7, 0));
    counts.add(path);
    EXPECT_EQ(count(counts, 5, static_cast<std::size_t>(path.genes[5])), 0) << "no step yet";
    counts.add(path);
    space::Genotype other = path;
    other.genes[2] = static_cast<std::int8_t>((path.genes[2] + 1) % 7);
    counts.add(other);
    counts.step(true);
    EXPECT_EQ(count(counts, 2, static_cast<std::size_t>(path.genes[2])), 2);
    EXPECT_EQ(count(counts, 2, static_cast<std::size_t>(other.genes[2])), 1);
    EXPECT_EQ(count(counts, 5, static_cast<std::size_t>(path.genes[5])), 3);
    std::int64_t sum = 0;
    for (const std::int64_t times : counts.total(alone)) sum += times;
    EXPECT_EQ(sum, 3 * 24);
}

TEST_F(PathCountsTest, ASkippedStepTrainedNothing) {
    PathCounts counts(*space);
    counts.add(path);
    counts.step(false);
    counts.step(true);
    EXPECT_EQ(counts.total(alone), std::vector<std::int64_t>(24 * 7, 0));
}

TEST_F(PathCountsTest, GoesOn) {
    PathCounts counts(*space);
    counts.begin_with(std::vector<std::int64_t>(24 * 7, 10));
    counts.add(path);
    counts.step(true);
    EXPECT_EQ(count(counts, 9, static_cast<std::size_t>(path.genes[9])), 11);
    EXPECT_EQ(count(counts, 9, static_cast<std::size_t>((path.genes[9] + 1) % 7)), 10);
}

TEST_F(PathCountsTest, ASpaceOfOneNetworkHasNothingToCount) {
    PathCounts counts(*space::make_search_space({.kind = "conv4"}));
    counts.add({});
    counts.step(true);
    EXPECT_EQ(counts.values(), 0u);
    EXPECT_TRUE(counts.total(alone).empty());
}

}  // namespace
}  // namespace atnas::engine
