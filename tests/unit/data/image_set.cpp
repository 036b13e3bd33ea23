// SPDX-License-Identifier: Apache-2.0
#include "atnas/data/image_set.hpp"

#include <gtest/gtest.h>

#include "fixtures.hpp"

namespace atnas::data {
namespace {

using namespace atnas::data::testing;

TEST(ImageSet, CountsClassesImagesAndPixels) {
    auto set = make_set(3, 4, 2);
    EXPECT_EQ(set.classes(), 3);
    EXPECT_EQ(set.images(), 12);
    EXPECT_EQ(set.image_size(), 36U);
    set.shape.channels = 3;
    EXPECT_EQ(set.image_size(), 108U);
    EXPECT_EQ(ImageSet{}.images(), 0);
}

TEST(ImageSet, WholeSetIsValid) {
    auto set = make_set(3, 4, 2);
    EXPECT_NO_THROW(set.validate());
    set.image_names.assign(12, "name");
    EXPECT_NO_THROW(set.validate());
}

struct Damage {
    const char* name;
    void (*apply)(ImageSet&);
    const char* told;
};

class ImageSetDamage : public ::testing::TestWithParam<Damage> {};

TEST_P(ImageSetDamage, IsNamed) {
    auto set = make_set(3, 4, 2);
    GetParam().apply(set);
    const auto caught = error_of([&] { set.validate(); });
    EXPECT_EQ(caught.code, ExitCode::bad_data);
    EXPECT_TRUE(caught.mentions(GetParam().told)) << caught.text;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ImageSetDamage,
    ::testing::Values(Damage{"shape", [](ImageSet& s) { s.shape.height = 0; }, "shape 1 x 0 x 6"},
                      Damage{"pixel", [](ImageSet& s) { s.pixels.pop_back(); }, "431 pixels"},
                      Damage{"image", [](ImageSet& s) { s.pixels.resize(36 * 11); }, "12 images"},
                      Damage{"none", [](ImageSet& s) { s = ImageSet{}; }, "no class"},
                      Damage{"ranges", [](ImageSet& s) { s.first_of_class.pop_back(); }, "3 entries"},
                      Damage{"start", [](ImageSet& s) { s.first_of_class.front() = 1; }, "start at 0"},
                      Damage{"empty", [](ImageSet& s) { s.first_of_class[1] = 8; }, "class 1 has no image"},
                      Damage{"negative", [](ImageSet& s) { s.first_of_class.back() = -4; }, "class 2 has no image"},
                      Damage{"few_groups", [](ImageSet& s) { s.group_of_class.pop_back(); }, "group_of_class has 2"},
                      Damage{"group", [](ImageSet& s) { s.group_of_class[1] = 2; }, "class 1 is in group 2"},
                      Damage{"minus", [](ImageSet& s) { s.group_of_class[1] = -1; }, "in group -1"},
                      Damage{"twice", [](ImageSet& s) { s.class_names[2] = "g0/c0"; }, "g0/c0 appears twice"},
                      Damage{"nameless", [](ImageSet& s) { s.class_names[2].clear(); }, "class has no name"},
                      Damage{"groups_twice", [](ImageSet& s) { s.group_names[1] = "g0"; }, "group g0 appears twice"},
                      Damage{"names", [](ImageSet& s) { s.image_names.assign(11, "x"); }, "11 image names"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ImageSet, AllDamageIsToldAtOnce) {
    auto set = make_set(3, 4, 2);
    set.class_names[2] = "g0/c0";
    set.group_of_class[1] = 2;
    set.pixels.pop_back();
    EXPECT_EQ(error_of([&] { set.validate(); }).problems, 3U);
}

}  // namespace
}  // namespace atnas::data
