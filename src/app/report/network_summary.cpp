// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/network_summary.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/core/error.hpp"
#include "atnas/space/cost_model.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

constexpr std::size_t most_named = 20;

/// What each member costs; nothing when this version cannot read the deck, or the member is not of its space.
std::vector<std::optional<space::Cost>> costs_of(const io::NetworkFile& network) {
    std::vector<std::optional<space::Cost>> costs(network.members.size());
    try {
        const space::NetworkOptions options = network_of(network, stored_deck(network));
        const auto space = space::make_search_space(options);
        const space::CostModel model(options);
        for (std::size_t m = 0; m < costs.size(); ++m)
            if (space->is_legal(network.members[m].genotype)) costs[m] = model.subnet(network.members[m].genotype);
    } catch (const Error&) {
    }
    return costs;
}

std::string some_of(const std::vector<std::string>& names) {
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), most_named));
    const std::string rest = end == names.end() ? "" : fmt::format(" and {} more", names.end() - end);
    return fmt::format("{}{}", fmt::join(names.begin(), end, ", "), rest);
}

void add_members(const io::NetworkFile& network, FileSummary& summary) {
    const auto costs = costs_of(network);
    summary.document["members"] = nlohmann::json::array();
    summary.text +=
        network.members.size() == 1
            ? "It is one network:\n"
            : fmt::format("The mean probabilities of {} networks count, the best first:\n", network.members.size());
    for (std::size_t m = 0; m < network.members.size(); ++m) {
        const io::NetworkRecord& member = network.members[m];
        nlohmann::json entry{{"encode", member.encode}, {"weights", member.weights.size()}};
        std::string cost = fmt::format("{} weights", member.weights.size());
        if (costs[m]) {
            entry["params"] = costs[m]->parameters;
            entry["macs"] = costs[m]->macs;
            cost = fmt::format("{} parameters, {} MACs", costs[m]->parameters, costs[m]->macs);
        }
        summary.text += fmt::format("  {}: {}\n", cost, member.encode);
        summary.document["members"].push_back(std::move(entry));
    }
}

}  // namespace

FileSummary network_summary(const io::NetworkFile& network) {
    FileSummary summary;
    auto& document = summary.document;
    const auto [channels, height, width] = network.image;
    document["made_by"] = network.made_by;
    document["reproducible"] = network.reproducibility.holds();
    document["why_not_reproducible"] = network.reproducibility.reasons();
    document["digest"] = network.digest;
    document["image"] = {{"channels", channels}, {"height", height}, {"width", width}};
    document["classes"] = network.classes;
    document["origin"] = network.origin;
    document["figures"] = network.figures;
    for (const auto& [name, value] : network.deck) document["deck"][name] = value;
    for (const auto& [name, value] : network.provenance) document["provenance"][name] = value;

    summary.text = fmt::format(
        "`atnas {}` made it: it takes an image of {} x {} x {} (channels x height x width) for one "
        "of {} classes: {}.\n",
        network.made_by, channels, height, width, network.classes.size(), some_of(network.classes));
    std::vector<std::string> parts;
    for (const auto& [name, value] : network.origin) parts.push_back(name + " " + value);
    if (!parts.empty()) summary.text += fmt::format("It comes from {}.\n", fmt::join(parts, ", "));
    if (!network.reproducibility.holds())
        summary.text += fmt::format("It is not reproducible: {}.\n", network.reproducibility.text());
    parts.clear();
    for (const auto& [name, value] : network.figures) parts.push_back(fmt::format("{} {:.6g}", name, value));
    if (!parts.empty()) summary.text += fmt::format("Its figures: {}.\n", fmt::join(parts, ", "));
    add_members(network, summary);
    const auto copies =
        std::ranges::find(network.deck, "task.query_copies", &std::pair<std::string, std::string>::first);
    if (copies != network.deck.end() && copies->second != "0")
        summary.text += fmt::format(
            "It is asked for {} changed copies of each image as well, and the mean counts (task.query_copies).\n",
            copies->second);
    summary.text +=
        fmt::format("`atnas predict {0} --data=IMAGES` uses it, `atnas evaluate {0} --data=IMAGES` judges it.\n",
                    network.path.string());
    return summary;
}

}  // namespace atnas::app
