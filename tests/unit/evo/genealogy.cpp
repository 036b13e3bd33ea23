// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/genealogy.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace atnas::evo {
namespace {

Individual person(std::int64_t id, std::int64_t birth) {
    return {.fitness = 0.01 * static_cast<double>(id), .birth = birth, .id = id};
}

/// Island and id.
std::vector<std::pair<std::int64_t, std::int64_t>> listed(const Genealogy& genealogy) {
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    for (const GenealogyRecord& record : genealogy.records()) all.emplace_back(record.island, record.individual.id);
    return all;
}

using Listed = std::vector<std::pair<std::int64_t, std::int64_t>>;

TEST(Genealogy, EverybodyOnceAsTheyWereFirst) {
    Genealogy genealogy(100);
    genealogy.add({person(1, 0), person(2, 0)}, 0, 0);
    genealogy.add({person(3, 0)}, 1, 0);
    // 2 lives on, with another fitness; 5 is a migrant that was born earlier.
    Individual survivor = person(2, 0);
    survivor.fitness = 0.9;
    genealogy.add({survivor, person(4, 1), person(5, 0)}, 0, 1);
    EXPECT_EQ(listed(genealogy), (Listed{{0, 1}, {0, 2}, {1, 3}, {0, 4}}));
    EXPECT_DOUBLE_EQ(genealogy.records()[1].individual.fitness, 0.02);
}

TEST(Genealogy, TheNewestStay) {
    Genealogy genealogy(3);
    genealogy.add({person(1, 0), person(2, 0)}, 0, 0);
    genealogy.end_generation();
    EXPECT_EQ(listed(genealogy), (Listed{{0, 1}, {0, 2}}));
    genealogy.add({person(3, 1), person(4, 1)}, 0, 1);
    genealogy.end_generation();
    EXPECT_EQ(listed(genealogy), (Listed{{0, 2}, {0, 3}, {0, 4}}));
    Genealogy none(0);
    none.add({person(1, 0)}, 0, 0);
    EXPECT_TRUE(none.records().empty());
}

TEST(Genealogy, GoesOnFromWhatWasStored) {
    Genealogy genealogy(2);
    genealogy.go_on_from({{0, person(1, 0)}, {1, person(2, 0)}, {1, person(3, 0)}});
    EXPECT_EQ(listed(genealogy), (Listed{{1, 2}, {1, 3}}));
    genealogy.add({person(4, 1)}, 0, 1);
    genealogy.end_generation();
    EXPECT_EQ(listed(genealogy), (Listed{{1, 3}, {0, 4}}));
}

}  // namespace
}  // namespace atnas::evo
