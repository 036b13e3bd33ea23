// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/space_key.hpp"

#include <gtest/gtest.h>

namespace atnas::space {
namespace {

TEST(SpaceKey, ChoicesStandForValues) {
    const auto stem = choice_of<Stem>([](NetworkOptions & o) -> auto& { return o.cell.stem; },
                                      {{"single", Stem::single}, {"pooled", Stem::pooled}});
    EXPECT_EQ(stem.names, (std::vector<std::string>{"single", "pooled"}));
    NetworkOptions options;
    EXPECT_EQ(stem.get(options), 0u);
    stem.set(options, 1);
    EXPECT_EQ(options.cell.stem, Stem::pooled);
    EXPECT_EQ(stem.get(options), 1u);
}

TEST(SpaceKey, FlagsAreTrueOrFalse) {
    const auto bias = flag_of<ConvBias>(
        [](NetworkOptions & o) -> auto& { return o.conv4.bias; }, ConvBias::no, ConvBias::yes);
    EXPECT_EQ(bias.names, (std::vector<std::string>{"true", "false"}));
    NetworkOptions options;
    bias.set(options, 1);
    EXPECT_EQ(options.conv4.bias, ConvBias::no);
    EXPECT_EQ(bias.get(options), 1u);
}

TEST(SpaceKey, ChannelsAreCommon) {
    const SpaceKey key = channels_key("filters");
    EXPECT_EQ(key.meaning, "filters");
    NetworkOptions options;
    std::get<SpaceKey::Integer>(key.value).place(options) = 5;
    EXPECT_EQ(options.channels, 5);
}

}  // namespace
}  // namespace atnas::space
