#include "atnas/space/network_options.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace atnas::space {
namespace {

/// All complaints about the default network after \p change, as one text.
std::string complaints(const std::function<void(NetworkOptions&)>& change) {
    NetworkOptions options;
    change(options);
    std::string text;
    for (const Problem& problem : problems_of(options)) text += problem.text() + "\n";
    return text;
}

bool names(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(NetworkOptions, DefaultsDescribeANetwork) {
    EXPECT_TRUE(problems_of(NetworkOptions{}).empty());
    EXPECT_TRUE(problems_of(NetworkOptions{.kind = SpaceKind::conv4}).empty());
}

TEST(NetworkOptions, ReductionsMustBeCellsInOrder) {
    EXPECT_TRUE(names(complaints([](auto& o) { o.reductions = {1, 4}; }), "reductions = 1, 4"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.reductions = {-1}; }), "reductions = -1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.reductions = {3, 1}; }), "must rise"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.reductions = {1, 1}; }), "must rise"));
    EXPECT_EQ(complaints([](auto& o) { o.reductions = {}; }), "");
    EXPECT_EQ(complaints([](auto& o) { o.reductions = {0, 1, 2, 3}; }), "");
}

TEST(NetworkOptions, ImagesMustBeLargeEnough) {
    const auto conv4 = [](int size) {
        return [size](NetworkOptions& o) {
            o.kind = SpaceKind::conv4;
            o.image = {1, size, 28};
        };
    };
    EXPECT_EQ(complaints(conv4(16)), "");
    EXPECT_TRUE(names(complaints(conv4(15)), "image = 1 x 15 x 28"));

    EXPECT_EQ(complaints([](auto& o) { o.image = {1, 3, 3}; }), "");
    EXPECT_TRUE(names(complaints([](auto& o) { o.image = {1, 28, 2}; }), "14 x 1 would be left for reduction cell 3"));
    EXPECT_TRUE(names(complaints([](auto& o) {
                          o.stem = Stem::pooled;
                          o.image = {3, 3, 28};
                      }),
                      "pooled stem"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.image.channels = 0; }), "image = 0 x 28 x 28"));
}

TEST(NetworkOptions, CountsMustBeSensible) {
    EXPECT_TRUE(names(complaints([](auto& o) { o.way = 1; }), "way = 1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.channels = 1; }), "channels = 1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.channels = 1 << 30; }), "channels = 1073741824"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.growth = 0; }), "growth = 0"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.growth = 1000; }), "growth = 1000"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.cells = 0; }), "cells = 0"));
    EXPECT_TRUE(names(complaints([](auto& o) {
                          o.kind = SpaceKind::conv4;
                          o.channels = 0;
                      }),
                      "channels = 0"));
}

TEST(NetworkOptions, AllProblemsAreFoundAtOnce) {
    const std::string text = complaints([](auto& o) {
        o.channels = 0;
        o.growth = -1;
        o.reductions = {9};
    });
    for (const char* part : {"channels = 0", "growth = -1", "reductions = 9"}) EXPECT_TRUE(names(text, part)) << part;
}

TEST(NetworkOptions, StemsKeepOrQuarterTheImage) {
    NetworkOptions options{.channels = 16, .image = {3, 83, 30}};
    EXPECT_EQ(stem_output(options), (ImageShape{48, 83, 30}));
    options.stem = Stem::pooled;
    EXPECT_EQ(stem_output(options), (ImageShape{48, 20, 7}));
}

TEST(NetworkOptions, HasNames) {
    EXPECT_EQ(name_of(SpaceKind::conv4), "conv4");
    EXPECT_EQ(name_of(SpaceKind::cell), "cell");
    EXPECT_EQ(name_of(CellPreset::metanas), "metanas");
    EXPECT_EQ(name_of(CellPreset::darts), "darts");
    EXPECT_EQ(name_of(Stem::single), "single");
    EXPECT_EQ(name_of(Stem::pooled), "pooled");
    EXPECT_EQ(name_of(Head::linear), "linear");
    EXPECT_EQ(name_of(Head::zero), "zero");
    EXPECT_EQ(name_of(Head::proto), "proto");
}

}  // namespace
}  // namespace atnas::space
