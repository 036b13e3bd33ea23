// SPDX-License-Identifier: Apache-2.0
#include "atnas/space/network_options.hpp"

#include <fmt/format.h>

#include "atnas/space/bounded_space.hpp"
#include "atnas/space/space_registry.hpp"
#include "setting.hpp"

namespace atnas::space {

namespace {

/// \pre nothing else is wrong
void check_cost(const NetworkOptions& options, const SpaceEntry& entry, std::vector<Problem>& problems) {
    const auto space = entry.make(options);
    const Cost least = cost_of_features(*space, options.image, space->smallest());
    for (const CostBound& bound : cost_bounds(options)) {
        if (!bound.keeps(least))
            problems.push_back({setting(bound.key, bound.most),
                                "the smallest network has " + std::to_string(least.*bound.cost),
                                "allow at least that many, or use fewer channels"});
    }
}

}  // namespace

std::string text_of(const ImageShape& image) {
    return fmt::format("{} x {} x {}", image.channels, image.height, image.width);
}

std::string_view name_of(Head head) noexcept {
    switch (head) {
        case Head::linear:
            return "linear";
        case Head::zero:
            return "zero";
        case Head::proto:
            return "proto";
        case Head::cosine:
            return "cosine";
    }
    return "unknown";
}

std::vector<Problem> problems_of(const NetworkOptions& options) {
    std::vector<Problem> problems;
    const SpaceEntry* space = find_space(options.kind);
    if (space == nullptr) {
        std::string names;
        for (const SpaceEntry& entry : space_registry()) names += (names.empty() ? "" : ", ") + entry.name;
        problems.push_back({"kind = " + options.kind, "there is no such space", "choose from " + names});
    }
    if (options.way < 2) {
        problems.push_back({setting("way", options.way), "there is nothing to tell apart", "use 2 or more classes"});
    }
    if (options.channels > widest) {
        problems.push_back({setting("channels", options.channels), "the largest width is " + std::to_string(widest),
                            "try 16 for cells, 64 for conv4"});
    }
    const ImageShape& image = options.image;
    if (image.channels < 1 || image.height < 1 || image.width < 1) {
        problems.push_back({setting(image), "an image has at least one channel and one pixel", "try 1 x 28 x 28"});
    }
    if (problems.empty()) problems = space->problems(options);
    if (problems.empty() && options.has_bounds()) check_cost(options, *space, problems);
    return problems;
}

}  // namespace atnas::space
