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

}  // namespace
}  // namespace atnas::space
