// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/strokes.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

Bytes image_of(const ImageSet& set, int c, int number) {
    const auto first =
        static_cast<std::size_t>(set.first_of_class[static_cast<std::size_t>(c)] + number) * set.image_size();
    const auto begin = set.pixels.begin() + static_cast<std::ptrdiff_t>(first);
    return {begin, begin + static_cast<std::ptrdiff_t>(set.image_size())};
}

TEST(Strokes, MakesAValidSetOfTheAskedSize) {
    const auto set =
        make_strokes({.classes = 45, .classes_per_group = 20, .images_per_class = 3, .size = 20, .seed = 4});
    EXPECT_NO_THROW(set.validate());
    EXPECT_EQ(set.shape, (space::ImageShape{1, 20, 20}));
    EXPECT_EQ(set.classes(), 45);
    EXPECT_EQ(set.images(), 135);
    EXPECT_EQ(set.group_names, (std::vector<std::string>{"alphabet000", "alphabet001", "alphabet002"}));
    EXPECT_EQ(set.class_names[44], "alphabet002/character004");
    EXPECT_EQ(set.group_of_class[20], 1);
}

TEST(Strokes, OptionsAndSeedDecideEveryPixel) {
    const StrokesOptions options{.classes = 10, .images_per_class = 5};
    const auto set = make_strokes(options);
    EXPECT_EQ(set.pixels, make_strokes(options).pixels);
    auto other = options;
    other.seed = 2;
    EXPECT_NE(set.pixels, make_strokes(other).pixels);
}

TEST(Strokes, ClassesAndDrawingsDoNotDependOnTheirNumber) {
    const auto few = make_strokes({.classes = 5, .images_per_class = 2});
    const auto many = make_strokes({.classes = 50, .images_per_class = 7});
    for (int c = 0; c < 5; ++c) {
        for (int i = 0; i < 2; ++i) EXPECT_EQ(image_of(few, c, i), image_of(many, c, i)) << c << " " << i;
    }
}

TEST(Strokes, EveryDrawingDiffersAndHasInkAndPaper) {
    const auto set = make_strokes({.classes = 60, .images_per_class = 5});
    std::set<std::uint64_t> different;
    for (int c = 0; c < 60; ++c) {
        for (int i = 0; i < 5; ++i) {
            const auto drawing = image_of(set, c, i);
            different.insert(hash_of(drawing));
            const auto inked = std::count_if(drawing.begin(), drawing.end(), [](auto p) { return p > 127; });
            EXPECT_GT(inked, 10) << c << " " << i;
            EXPECT_LT(inked, 28 * 28 / 2) << c << " " << i;
            EXPECT_EQ(*std::max_element(drawing.begin(), drawing.end()), 255);
        }
    }
    EXPECT_EQ(different.size(), 300U);
}

TEST(Strokes, EdgesAreSmooth) {
    const auto drawing = image_of(make_strokes({.classes = 1}), 0, 0);
    EXPECT_GT(std::count_if(drawing.begin(), drawing.end(), [](auto p) { return p > 20 && p < 235; }), 20);
}

TEST(Strokes, NearestNeighbourDoesBetterThanChanceButIsNoSolution) {
    const double accuracy = nearest_neighbour_accuracy(make_strokes({}), 100);
    RecordProperty("accuracy", std::to_string(accuracy));
    EXPECT_GT(accuracy, 0.40);
    EXPECT_LT(accuracy, 0.75);
}

TEST(Strokes, RefusesImpossibleOptions) {
    const auto caught =
        error_of([] { make_strokes({.classes = 0, .classes_per_group = 0, .images_per_class = -1, .size = 7}); });
    EXPECT_EQ(caught.code, ExitCode::bad_deck);
    EXPECT_EQ(caught.problems, 4U);
    EXPECT_TRUE(caught.mentions("size = 7")) << caught.text;
    EXPECT_THROW(make_strokes({.size = 1025}), Error);
}

}  // namespace
}  // namespace atnas::data
