// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/network_options.hpp"

#include <gtest/gtest.h>

#include "support/network_complaints.hpp"

namespace atnas::space {
namespace {

using test::complaints;
using test::names;

TEST(NetworkOptions, DefaultsDescribeANetwork) {
    EXPECT_TRUE(problems_of(NetworkOptions{}).empty());
    EXPECT_TRUE(problems_of(NetworkOptions{.kind = "conv4"}).empty());
}

TEST(NetworkOptions, CountsMustBeSensible) {
    EXPECT_TRUE(names(complaints([](auto& o) { o.way = 1; }), "way = 1"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.channels = 1 << 30; }), "channels = 1073741824"));
    EXPECT_TRUE(names(complaints([](auto& o) { o.image.channels = 0; }), "image = 0 x 28 x 28"));
}

TEST(NetworkOptions, TheBoundOfCostHasRoomForANetwork) {
    for (const char* kind : {"cell", "conv4"}) {
        const std::string text = complaints([&](auto& o) {
            o.kind = kind;
            o.max_macs = 1000;
        });
        EXPECT_TRUE(names(text, "max_macs = 1000")) << text;
        EXPECT_TRUE(names(text, "the smallest network has ")) << text;
    }
    EXPECT_TRUE(names(complaints([](auto& o) { o.max_macs = -1; }), "max_macs = -1"));
    EXPECT_EQ(complaints([](auto& o) { o.max_macs = 1e12; }), "");
    const std::string text = complaints([](auto& o) { o.max_parameters = 10, o.max_macs = 20; });
    EXPECT_TRUE(names(text, "max_parameters = 10")) << text;
    EXPECT_TRUE(names(text, "max_macs = 20")) << text;
    EXPECT_TRUE(names(complaints([](auto& o) { o.max_parameters = -1; }), "max_parameters = -1"));
    EXPECT_EQ(complaints([](auto& o) { o.max_parameters = 1e12; }), "");
}

TEST(NetworkOptions, UnknownSpacesAreNamedWithThoseThatExist) {
    const std::string text = complaints([](auto& o) { o.kind = "cells"; });
    EXPECT_TRUE(names(text, "kind = cells")) << text;
    EXPECT_TRUE(names(text, "cell, conv4")) << text;
}

TEST(NetworkOptions, HeadsHaveNames) {
    EXPECT_EQ(name_of(Head::linear), "linear");
    EXPECT_EQ(name_of(Head::zero), "zero");
    EXPECT_EQ(name_of(Head::proto), "proto");
    EXPECT_EQ(name_of(Head::cosine), "cosine");
}

TEST(NetworkOptions, ImageIsAValue) {
    EXPECT_EQ(shape_of({3, 84, 80}), (Shape{1, 3, 84, 80}));
}

}  // namespace
}  // namespace atnas::space
