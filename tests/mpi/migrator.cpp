#include "atnas/app/migrator.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <gtest/gtest.h>

#include "atnas/comm/island_map.hpp"

namespace atnas::app {
namespace {

constexpr int genes = 3;

/// Three islands of three members; island i's are better than those of the islands before it.
class MigratorMpi : public testing::Test {
  protected:
    MigratorMpi() {
        deck_.evo.islands = 3;
        deck_.migration.options.interval = 1;
        deck_.migration.topology.kind = evo::TopologyKind::full;
        const comm::IslandBlock block = comm::islands_of(world_.rank(), world_.size(), deck_.evo.islands);
        for (int island = block.first; island < block.first + block.count; ++island)
            islands_.emplace_back(island, population(island));
    }

    static evo::Population population(int island) {
        evo::Population members(3);
        for (int i = 0; i < 3; ++i) {
            auto& member = members[static_cast<std::size_t>(i)];
            member.genotype.genes = {static_cast<std::int8_t>(island), static_cast<std::int8_t>(i), 7};
            member.fitness = 0.1 * island - 0.01 * i;
            member.id = 10 * island + i;
        }
        return members;
    }

    /// Members with the genes of another island.
    long long strangers() const {
        long long count = 0;
        for (const Island& island : islands_)
            count += std::ranges::count_if(island.population(), [&](const evo::Individual& member) {
                return member.genotype.genes[0] != island.number();
            });
        return world_.sum(count);
    }

    comm::Communicator world_ = comm::Communicator::world();
    Deck deck_;
    std::vector<Island> islands_;
};

/// (generation, from, to, admission) of every entry.
std::vector<std::vector<std::int64_t>> rows_of(const std::vector<io::MigrationEntry>& log) {
    std::vector<std::vector<std::int64_t>> rows;
    for (const io::MigrationEntry& entry : log)
        rows.push_back({entry.generation, entry.from, entry.to, entry.admission});
    return rows;
}

TEST_F(MigratorMpi, SyncMigrantsArriveAtOnceAndTheLogIsTheSameOnAnyNumberOfRanks) {
    Migrator migrator(deck_, genes, world_);
    migrator.migrate(islands_, 0);
    // The best of the islands behind get in everywhere; they are worse than all members of the islands ahead.
    EXPECT_EQ(strangers(), 3);
    migrator.migrate(islands_, 1);
    migrator.settle(islands_, 2);
    const auto rows = rows_of(migrator.log());
    ASSERT_EQ(rows.size(), 12u);
    const std::vector<std::vector<std::int64_t>> first{{0, 1, 0, 0}, {0, 2, 0, 0}, {0, 0, 1, 2},
                                                       {0, 2, 1, 0}, {0, 0, 2, 2}, {0, 1, 2, 2}};
    EXPECT_EQ(std::vector(rows.begin(), rows.begin() + 6), first);
    EXPECT_EQ(migrator.log()[0].genotype.genes, (std::vector<std::int8_t>{1, 0, 7}));
    EXPECT_DOUBLE_EQ(migrator.log()[0].fitness, 0.1);
}

TEST_F(MigratorMpi, IntervalCountsGenerations) {
    deck_.migration.options.interval = 3;
    Migrator migrator(deck_, genes, world_);
    for (int generation = 0; generation < 7; ++generation) migrator.migrate(islands_, generation);
    migrator.settle(islands_, 7);
    std::map<std::int64_t, int> arrivals;
    for (const io::MigrationEntry& entry : migrator.log()) ++arrivals[entry.generation];
    EXPECT_EQ(arrivals, (std::map<std::int64_t, int>{{2, 6}, {5, 6}}));
}

TEST_F(MigratorMpi, AsyncMigrantsArriveLaterAndNoneIsLost) {
    deck_.migration.mode = MigrationMode::async;
    Migrator migrator(deck_, genes, world_);
    migrator.migrate(islands_, 0);
    // From a rank that is ahead somebody may be there already, from the same rank nobody.
    if (world_.size() == 1) {
        EXPECT_EQ(strangers(), 0);
    }
    migrator.settle(islands_, 1);
    EXPECT_EQ(strangers(), 3);
    EXPECT_EQ(migrator.log().size(), 6u);
    for (int generation = 1; generation < 5; ++generation) migrator.migrate(islands_, generation);
    migrator.settle(islands_, 5);
    EXPECT_EQ(migrator.log().size(), 30u);
    migrator.settle(islands_, 6);
    EXPECT_EQ(migrator.log().size(), 30u) << "nobody arrives twice";
}

TEST_F(MigratorMpi, AsyncMigrantsArriveBetweenDepartures) {
    deck_.migration.mode = MigrationMode::async;
    deck_.migration.options.interval = 100;
    Migrator migrator(deck_, genes, world_);
    migrator.migrate(islands_, 99);
    world_.barrier();
    migrator.migrate(islands_, 100);
    if (world_.size() == 1) {
        EXPECT_EQ(strangers(), 3);
    }
    migrator.settle(islands_, 101);
    EXPECT_EQ(strangers(), 3);
}

TEST_F(MigratorMpi, SettlingPutsMigrantsInThePlaceOfTheUnevaluated) {
    deck_.migration.mode = MigrationMode::async;
    Migrator migrator(deck_, genes, world_);
    migrator.migrate(islands_, 0);
    for (Island& island : islands_) {
        evo::Individual newborn;
        newborn.genotype.genes = {static_cast<std::int8_t>(island.number()), 9, 9};
        island.population()[1] = newborn;  // as variation leaves them: not in order of rank
    }
    migrator.settle(islands_, 1);
    for (const Island& island : islands_) {
        // From a rank that was ahead somebody may have been there before the newborn.
        const bool any_arrived = std::ranges::any_of(migrator.log(), [&](const io::MigrationEntry& entry) {
            return entry.generation == 1 && entry.to == island.number();
        });
        if (!any_arrived) continue;
        EXPECT_TRUE(std::ranges::is_sorted(island.population(), evo::better));
        EXPECT_EQ(
            std::ranges::count(island.population(), 9, [](const evo::Individual& m) { return m.genotype.genes[2]; }),
            0);
    }
}

TEST_F(MigratorMpi, AStoredLogGoesOn) {
    Migrator migrator(deck_, genes, world_);
    migrator.restore({{7, 1, 2, 0, 0.5, {{1, 2, 3}}}});
    migrator.migrate(islands_, 8);
    migrator.settle(islands_, 9);
    EXPECT_EQ(migrator.log().size(), 7u);
    EXPECT_EQ(migrator.log()[0].generation, 7);
}

}  // namespace
}  // namespace atnas::app
