// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/split.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;
using Indices = std::vector<int>;

std::set<int> groups_of(const ImageSet& images, const Indices& classes) {
    std::set<int> groups;
    for (const int c : classes) groups.insert(images.group_of_class[static_cast<std::size_t>(c)]);
    return groups;
}

void expect_partition(const ImageSet& images, const Split& split) {
    Indices all = split.train;
    for (const auto* part : {&split.validation, &split.test}) all.insert(all.end(), part->begin(), part->end());
    for (const auto* part : {&split.train, &split.validation, &split.test}) {
        EXPECT_TRUE(std::is_sorted(part->begin(), part->end()));
    }
    std::sort(all.begin(), all.end());
    Indices expected(static_cast<std::size_t>(images.classes()));
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected);
}

TEST(Split, ThirtyAlphabetsGiveSixAndSix) {
    const auto images = make_set(90, 1, 3);
    const auto split = make_split(images, {});
    expect_partition(images, split);
    EXPECT_EQ(groups_of(images, split.validation).size(), 6U);
    EXPECT_EQ(groups_of(images, split.test).size(), 6U);
    EXPECT_EQ(split.validation.size(), 18U);
    EXPECT_EQ(groups_of(images, split.train).size(), 18U);
}

TEST(Split, ByClassesIgnoresGroups) {
    const auto images = make_set(20, 1, 10);
    SplitOptions options;
    options.by = SplitBy::classes;
    options.test_fraction = 0.13;  // 2.6
    const auto split = make_split(images, options);
    expect_partition(images, split);
    EXPECT_EQ(split.validation.size(), 4U);
    EXPECT_EQ(split.test.size(), 3U);
}

TEST(Split, SmallFractionsStillGiveOne) {
    SplitOptions options;
    options.validation_fraction = options.test_fraction = 0.01;
    const auto images = make_set(3, 1, 1);
    const auto split = make_split(images, options);
    EXPECT_EQ(split.validation.size(), 1U);
    EXPECT_EQ(split.test.size(), 1U);
    EXPECT_EQ(split.train.size(), 1U);
}

TEST(Split, FractionOfZeroLeavesARoleEmpty) {
    SplitOptions options;
    options.test_fraction = 0;
    const auto split = make_split(make_set(3, 1, 1), options);
    EXPECT_EQ(split.validation.size(), 1U);
    EXPECT_TRUE(split.test.empty());
    EXPECT_EQ(split.train.size(), 2U);
}

TEST(Split, SeedDecides) {
    const auto images = make_set(90, 1, 3);
    SplitOptions options;
    const auto first = make_split(images, options);
    const auto again = make_split(images, options);
    EXPECT_EQ(first.train, again.train);
    EXPECT_EQ(first.validation, again.validation);
    options.seed = 2;
    const auto other = make_split(images, options);
    EXPECT_NE(first.validation, other.validation);
    EXPECT_NE(first.test, other.test);
}

TEST(Split, OfASeedIsFrozen) {
    // Which alphabets are held out is part of every published figure.
    const auto split = make_split(make_set(30, 1, 1), {});
    EXPECT_EQ(split.validation, (Indices{2, 19, 21, 22, 25, 26}));
    EXPECT_EQ(split.test, (Indices{0, 7, 9, 10, 11, 23}));
}

TEST(Split, RolesNameTheirClasses) {
    const Split split{{1}, {2}, {3}};
    EXPECT_EQ(split.classes(Role::train), Indices{1});
    EXPECT_EQ(split.classes(Role::validation), Indices{2});
    EXPECT_EQ(split.classes(Role::test), Indices{3});
}

TEST(Split, ListedGroupsAndTheRest) {
    const auto images = make_set(8, 1, 2);
    SplitOptions options;
    options.validation = {"g2"};
    options.test = {"g0"};
    const auto split = make_split(images, options);
    EXPECT_EQ(split.train, (Indices{2, 3, 6, 7}));
    EXPECT_EQ(split.validation, (Indices{4, 5}));
    EXPECT_EQ(split.test, (Indices{0, 1}));
}

TEST(Split, TrainListIsComplete) {
    const auto images = make_set(8, 1, 2);
    SplitOptions options;
    options.train = {"g3"};
    options.validation = {"g2", "g2"};
    options.test = {"g0"};
    const auto split = make_split(images, options);
    EXPECT_EQ(split.train, (Indices{6, 7}));
    EXPECT_EQ(split.validation, (Indices{4, 5}));
}

TEST(Split, ListedClasses) {
    const auto images = make_set(5, 1, 2);
    SplitOptions options;
    options.by = SplitBy::classes;
    options.validation = {"g1/c3"};
    options.test = {"g0/c1", "g0/c0"};
    const auto split = make_split(images, options);
    EXPECT_EQ(split.train, (Indices{2, 4}));
    EXPECT_EQ(split.validation, Indices{3});
    EXPECT_EQ(split.test, (Indices{0, 1}));
}

TEST(Split, ToldAtOnce) {
    auto images = make_set(8, 1, 2);
    images.group_names[1] = "Balinese";
    SplitOptions options;
    options.train = {"g0"};
    options.validation = {"Balinesse"};
    options.test = {"g0", "nothing_like_it"};
    const auto caught = error_of([&] { make_split(images, options); });
    EXPECT_EQ(caught.code, ExitCode::bad_deck);
    EXPECT_EQ(caught.problems, 3U) << caught.text;
    EXPECT_TRUE(caught.mentions("did you mean Balinese")) << caught.text;
    EXPECT_TRUE(caught.mentions("g0 is in both train and test")) << caught.text;
    EXPECT_TRUE(caught.mentions("nothing_like_it")) << caught.text;
}

TEST(Split, ListsMayLeaveARoleEmpty) {
    const auto images = make_set(4, 1, 2);
    SplitOptions options;
    options.train = {"g0"};
    options.validation = {"g1"};
    const Split split = make_split(images, options);
    EXPECT_EQ(split.train, (Indices{0, 1}));
    EXPECT_EQ(split.validation, (Indices{2, 3}));
    EXPECT_TRUE(split.test.empty());
    options.train = {};
    options.test = {"g0"};
    EXPECT_TRUE(make_split(images, options).train.empty());
}

TEST(Split, AllClassesInOneRole) {
    const auto images = make_set(4, 1, 4);
    SplitOptions options;
    options.train = {"a group of other data"};
    options.all_in = Role::test;
    const Split split = make_split(images, options);
    EXPECT_EQ(split.test, (Indices{0, 1, 2, 3}));
    EXPECT_TRUE(split.train.empty() && split.validation.empty());
}

TEST(Split, WhoNeedsARoleExpectsItsClasses) {
    const Split split{{1}, {2}, {}};
    EXPECT_NO_THROW(expect_classes(split, Role::train));
    EXPECT_NO_THROW(expect_classes(split, Role::validation));
    const auto caught = error_of([&] { expect_classes(split, Role::test); });
    EXPECT_EQ(caught.code, ExitCode::bad_deck);
    EXPECT_TRUE(caught.mentions("no class is left for test") && caught.mentions("data.test")) << caught.text;
}

TEST(Split, ImpossibleFractionsAreErrors) {
    const auto images = make_set(4, 1, 2);  // two groups: one for validation, one for test, none to train
    EXPECT_TRUE(error_of([&] { make_split(images, {}); }).mentions("2 groups"));
    SplitOptions options;
    options.by = SplitBy::classes;
    options.validation_fraction = 1;
    EXPECT_TRUE(error_of([&] { make_split(images, options); }).mentions("less than 1"));
    options.validation_fraction = -0.1;
    EXPECT_TRUE(error_of([&] { make_split(images, options); }).mentions("at least 0"));
    options.validation_fraction = 0.5;
    options.test_fraction = 0.5;
    EXPECT_TRUE(error_of([&] { make_split(images, options); }).mentions("nothing to train"));
}

}  // namespace
}  // namespace atnas::data
