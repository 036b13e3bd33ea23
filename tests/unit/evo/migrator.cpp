// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/migrator.hpp"

#include <gtest/gtest.h>

#include <map>

#include "members.hpp"

namespace atnas::evo {
namespace {

using test::ids_of;
using test::member;

constexpr std::uint64_t seed = 1;

/// Three islands of three members; island i's are better than those of the islands before it.
std::vector<Population> three_islands() {
    std::vector<Population> populations;
    for (std::int8_t island = 0; island < 3; ++island) {
        Population& population = populations.emplace_back();
        for (std::int8_t i = 0; i < 3; ++i)
            population.push_back(member(0.1 * island - 0.01 * i, static_cast<std::int8_t>(10 * island + i)));
    }
    return populations;
}

class MigratorTest : public testing::Test {
  protected:
    Migrator make(int interval) const {
        return {{.interval = interval}, {.kind = TopologyKind::full}, *selection_, seed};
    }

    std::unique_ptr<Selection> selection_ = make_selection({});
    std::vector<Population> populations_ = three_islands();
};

/// (generation, from, to, admission) of every record.
std::vector<std::vector<std::int64_t>> rows_of(const std::vector<MigrationRecord>& log) {
    std::vector<std::vector<std::int64_t>> rows;
    for (const MigrationRecord& r : log) rows.push_back({r.generation, r.from, r.to, std::int64_t(r.admission)});
    return rows;
}

TEST_F(MigratorTest, EverybodyLeavesBeforeAnybodyArrives) {
    const std::vector<MigrationRecord> log = make(1).migrate(populations_, 7);
    // The best of each island; those of the islands behind are worse than all members of the islands ahead.
    const std::vector<std::vector<std::int64_t>> expected{{7, 1, 0, 0}, {7, 2, 0, 0}, {7, 0, 1, 2},
                                                          {7, 2, 1, 0}, {7, 0, 2, 2}, {7, 1, 2, 2}};
    EXPECT_EQ(rows_of(log), expected);
    EXPECT_EQ(ids_of(populations_[0]), (std::vector<std::int64_t>{120, 110, 100}));
    EXPECT_EQ(ids_of(populations_[1]), (std::vector<std::int64_t>{120, 110, 111}));
    EXPECT_EQ(ids_of(populations_[2]), (std::vector<std::int64_t>{120, 121, 122}));
    EXPECT_EQ(log[0].genotype.genes, (std::vector<std::int8_t>{10, 3}));
    EXPECT_DOUBLE_EQ(log[0].fitness, 0.1);
}

TEST_F(MigratorTest, IntervalCountsGenerations) {
    const Migrator migrator = make(3);
    std::map<std::int64_t, int> arrivals;
    for (int generation = 0; generation < 7; ++generation)
        for (const MigrationRecord& record : migrator.migrate(populations_, generation)) ++arrivals[record.generation];
    EXPECT_EQ(arrivals, (std::map<std::int64_t, int>{{2, 6}, {5, 6}}));
    EXPECT_TRUE(make(0).migrate(populations_, 0).empty());
}

}  // namespace
}  // namespace atnas::evo
