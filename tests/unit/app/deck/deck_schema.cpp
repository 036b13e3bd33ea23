// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/deck/deck_schema.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "atnas/app/deck/deck_text.hpp"

namespace atnas::app {
namespace {

/// A legal value that is not the default.
std::string another_value(const DeckKey& key) {
    static const std::map<std::string, std::string> special{
        {"space.cells", "5"},        {"evo.founder", "og_v2"},   {"data.train", "A,B"},
        {"space.reductions", "0,2"}, {"evo.surrogate", "ridge"}, {"evo.objectives", "fitness,macs"}};
    if (const auto found = special.find(key.name()); found != special.end()) return found->second;
    const std::string standard = key.get(Deck{});
    for (const char* candidate :
         {"0.5",   "0.25",   "2",       "3",       "7",     "20",     "true",   "false",    "reference",
          "fast",  "static", "classes", "quarter", "conv4", "darts",  "pooled", "linear",   "reptile",
          "joint", "sgd",    "cosine",  "uniform", "none",  "random", "always", "momentum", "word"}) {
        Deck deck;
        if (candidate != standard && !key.set(deck, candidate)) return candidate;
    }
    return "";
}

TEST(DeckSchema, NamesAreUniqueSectionsAreWholeAndEverythingIsExplained) {
    std::set<std::string> names;
    std::set<std::string> closed;
    std::string section;
    for (const auto& key : deck_schema()) {
        EXPECT_TRUE(names.insert(key.name()).second) << key.name();
        EXPECT_FALSE(key.meaning.empty()) << key.name();
        EXPECT_FALSE(key.type.empty()) << key.name();
        EXPECT_EQ(key.meaning.find('\n'), std::string::npos);
        if (key.section == section) continue;
        section = key.section;
        EXPECT_TRUE(closed.insert(section).second) << section;
    }
    EXPECT_GT(names.size(), 70U);
}

TEST(DeckSchema, EveryKeySetsItsOwnPlaceAndNoOther) {
    const auto standard = deck_pairs(Deck{});
    for (const auto& key : deck_schema()) {
        const std::string value = another_value(key);
        ASSERT_FALSE(value.empty()) << "no other value found for " << key.name();
        Deck deck;
        const auto complaint = key.set(deck, value);
        ASSERT_FALSE(complaint) << key.name() << ": " << *complaint;
        const auto pairs = deck_pairs(deck);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const bool own = pairs[i].first == key.name();
            EXPECT_EQ(pairs[i].second, own ? value : standard[i].second) << pairs[i].first << " after " << key.name();
        }
    }
}

TEST(DeckSchema, DefaultsAreThoseOfTheDesign) {
    const std::map<std::string, std::string> expected{{"run.seed", "1"},
                                                      {"run.iterations", "1000"},
                                                      {"run.checkpoint_every", "200"},
                                                      {"runtime.backend", "auto"},
                                                      {"runtime.reduction", "exact"},
                                                      {"runtime.work", "shared"},
                                                      {"data.source", "strokes"},
                                                      {"data.split_by", "groups"},
                                                      {"task.way", "5"},
                                                      {"task.statistics", "query"},
                                                      {"task.within_group", "false"},
                                                      {"space.kind", "cell"},
                                                      {"space.reductions", "1,3"},
                                                      {"space.head", "proto"},
                                                      {"meta.learner", "fomaml"},
                                                      {"meta.inner_rate", "0.1"},
                                                      {"meta.epsilon", "1e-08"},
                                                      {"evo.population", "8"},
                                                      {"evo.max_age", "0"},
                                                      {"evo.founder", ""},
                                                      {"migration.topology", "ring"},
                                                      {"migration.interval", "2"}};
    for (const auto& [name, value] : expected) {
        const auto* key = find_key(name);
        ASSERT_NE(key, nullptr) << name;
        EXPECT_EQ(key->get(Deck{}), value) << name;
    }
}

TEST(DeckSchema, DefaultsReadBack) {
    for (const auto& key : deck_schema()) {
        Deck deck;
        EXPECT_FALSE(key.set(deck, key.get(Deck{}))) << key.name();
    }
}

TEST(DeckSchema, UnknownKeysGetTheNearestOne) {
    EXPECT_EQ(find_key("meta.iner_steps"), nullptr);
    EXPECT_NE(unknown_key("meta.iner_steps", "3", "x").suggestion.find("meta.inner_steps"), std::string::npos);
    EXPECT_NE(unknown_key("evolution.population", "3", "x").suggestion.find("evo.population"), std::string::npos);
    EXPECT_NE(unknown_key("evolution.population", "3", "x").reason.find("[evolution]"), std::string::npos);
    EXPECT_NE(unknown_key("meta.way", "3", "x").suggestion.find("task.way"), std::string::npos);
    EXPECT_NE(unknown_key("zzz.qqqqqq", "3", "x").suggestion.find("--dump-deck"), std::string::npos);
    EXPECT_EQ(unknown_key("meta.iner_steps", "3", "a.ini:4").problem, "a.ini:4: meta.iner_steps = 3");
}

}  // namespace
}  // namespace atnas::app
