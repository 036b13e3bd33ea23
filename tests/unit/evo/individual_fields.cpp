// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/individual_fields.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>

namespace atnas::evo {
namespace {

/// The row of analysis/FORMAT.md.
template <class Field>
std::string format_row(const IndividualField& field, const FieldValues<Field>& values) {
    std::ostringstream row;
    row << "| `/islands/" << field.name << "` | "
        << (std::is_same_v<typename FieldValues<Field>::Element, double> ? "float64" : "int64") << " [I, mu";
    if (values.is_array) row << ", " << values.count;
    row << "] | " << field.unit << (field.unit.empty() ? "" : " ") << field.meaning << " |\n";
    return row.str();
}

TEST(IndividualFields, FormatDescribesThem) {
    std::ostringstream document;
    document << std::ifstream(ATNAS_TESTS "/../analysis/FORMAT.md").rdbuf();
    std::string rows;
    for_each_field([&](const auto& field, const auto& values) { rows += format_row(field, values); });
    EXPECT_NE(document.str().find(rows), std::string::npos) << "analysis/FORMAT.md must say:\n" << rows;
}

TEST(IndividualFields, AreAllThatAnIndividualHas) {
    std::size_t bytes = 0;
    std::set<std::string_view> names;
    for_each_field([&](const auto& field, const auto& values) {
        names.insert(field.name);
        bytes += values.count * sizeof(std::int64_t);
    });
    EXPECT_EQ(bytes + sizeof(space::Genotype), sizeof(Individual));
    EXPECT_EQ(names.size(), individual_fields().size());
}

TEST(IndividualFields, HoldsWhatAFounderIsMadeOf) {
    const Individual founder{.id = 0};
    for_each_field([&](const auto& field, const auto& values) {
        for (const auto value : elements_of(founder.*values.place))
            EXPECT_FALSE(value < values.low || value > values.high) << field.name;
    });
}

TEST(IndividualFields, ElementsCanBeSetOneByOne) {
    Individual individual;
    elements_of(individual.parents)[1] = 7;
    elements_of(individual.macs)[0] = 8;
    EXPECT_EQ(individual.parents, (Parents{-1, 7}));
    EXPECT_EQ(individual.macs, 8);
}

}  // namespace
}  // namespace atnas::evo
