// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/space_registry.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/text_builder.hpp"

namespace atnas::space {
namespace {

TEST(SpaceRegistry, NamesAreFoundAndBelongToTheirSpaces) {
    std::set<std::string> names;
    for (const SpaceEntry& entry : space_registry()) {
        EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
        EXPECT_FALSE(entry.summary.empty());
        ASSERT_EQ(find_space(entry.name), &entry);
        EXPECT_EQ(entry.make({.kind = entry.name})->name(), entry.name);
        EXPECT_TRUE(entry.problems({.kind = entry.name}).empty());
    }
    EXPECT_EQ(names, (std::set<std::string>{"cell", "conv4"}));
    EXPECT_EQ(find_space("none"), nullptr);
}

TEST(SpaceRegistry, SpacesShareTheValuesOfKeysThatTheyShare) {
    std::map<std::string, int*> places;
    NetworkOptions options;
    for (const SpaceEntry& entry : space_registry()) {
        for (const SpaceKey& key : entry.keys) {
            EXPECT_FALSE(key.meaning.empty()) << key.name;
            const auto* integer = std::get_if<SpaceKey::Integer>(&key.value);
            int* place = integer ? &integer->place(options) : nullptr;
            const auto [known, fresh] = places.emplace(key.name, place);
            if (fresh) continue;
            ASSERT_NE(place, nullptr) << key.name;
            EXPECT_EQ(known->second, place) << key.name;
        }
    }
}

TEST(SpaceRegistry, SubnetsEndInFeaturesAndOwnNoWeightBesidesTheSupernets) {
    for (const SpaceEntry& entry : space_registry()) {
        const NetworkOptions options{.kind = entry.name, .channels = 4};
        const auto space = entry.make(options);
        test::TextBuilder all(shape_of(options.image));
        space->build_supernet(all);
        const auto shared = all.weights();
        RandomStream random({.seed = 1});
        for (int i = 0; i < 20; ++i) {
            test::TextBuilder subnet(shape_of(options.image));
            space->build(space->sample(random), subnet);
            EXPECT_EQ(subnet.features(), all.features());
            for (const std::string& weight : subnet.weights()) EXPECT_TRUE(shared.contains(weight)) << weight;
        }
    }
}

TEST(SpaceRegistry, CanonicalEncodesDrawTheSameNetwork) {
    std::vector<NetworkOptions> networks{{.kind = "conv4"}};
    for (const CellPreset preset : {CellPreset::metanas, CellPreset::darts})
        for (const std::vector<int>& reductions : {std::vector<int>{}, {1}, {0, 1}})
            networks.push_back({.channels = 2, .cell = {.preset = preset, .cells = 2, .reductions = reductions}});
    RandomStream random({.seed = 7});
    for (const NetworkOptions& options : networks) {
        const auto space = make_search_space(options);
        const auto drawn = [&](const Genotype& genotype) {
            test::TextBuilder builder(shape_of(options.image));
            space->build(genotype, builder);
            return builder.lines();
        };
        for (int i = 0; i < 1000; ++i) {
            const Genotype genotype = space->sample(random);
            const Genotype canonical = space->canonical(genotype);
            ASSERT_TRUE(space->is_legal(canonical)) << space->to_text(genotype);
            ASSERT_EQ(space->canonical(canonical), canonical) << space->to_text(genotype);
            ASSERT_EQ(drawn(canonical), drawn(genotype)) << space->to_text(genotype);
            // One gene apart and the same network: one canonical form.
            const Genotype mutant = space->mutate(genotype, 0, random);
            ASSERT_EQ(space->canonical(mutant) == canonical, drawn(mutant) == drawn(genotype))
                << space->to_text(genotype) << " and " << space->to_text(mutant);
        }
    }
}

}  // namespace
}  // namespace atnas::space
