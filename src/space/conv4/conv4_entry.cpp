// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/conv4/conv4_entry.hpp"

#include "../setting.hpp"
#include "atnas/space/conv4/conv4_space.hpp"

namespace atnas::space {

namespace {

std::vector<SpaceKey> keys() {
    return {channels_key("filters of conv4"),
            {"bias", "", "convolutions of conv4 have a bias",
             flag_of<ConvBias>(
                 [](NetworkOptions & o) -> auto& { return o.conv4.bias; }, ConvBias::no, ConvBias::yes)}};
}

std::vector<Problem> check(const NetworkOptions& options) {
    std::vector<Problem> problems;
    if (options.channels < 1) {
        problems.push_back({setting("channels", options.channels), "a layer needs at least one filter", "try 64"});
    }
    if (options.image.height < 16 || options.image.width < 16) {
        problems.push_back({setting(options.image), "conv4 halves the image four times and nothing would be left",
                            "use images of at least 16 x 16 or the cell space"});
    }
    return problems;
}

std::unique_ptr<SearchSpace> make(const NetworkOptions& options) {
    return std::make_unique<Conv4Space>(options);
}

}  // namespace

SpaceEntry conv4_entry() {
    return {"conv4", "the fixed network of the MAML papers", keys(), check, make};
}

}  // namespace atnas::space
