// SPDX-License-Identifier: Apache-2.0
#include "atnas/evo/edge_list.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

namespace atnas::evo {

namespace {

constexpr std::string_view separators = " \t,";

std::optional<int> read_island(std::string_view digits) {
    int island = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), island);
    if (error != std::errc{} || end != digits.data() + digits.size() || island < 0) return std::nullopt;
    return island;
}

/// Why \p edge cannot be added to \p edges; empty when it can.
std::string objection(const Edge& edge, const std::vector<Edge>& edges, int islands) {
    if (edge.from >= islands || edge.to >= islands) return "islands are 0 ... " + std::to_string(islands - 1);
    if (edge.from == edge.to) return "an island sends nothing to itself";
    if (std::ranges::find(edges, edge) != edges.end()) return "it is there twice";
    return {};
}

}  // namespace

std::vector<Edge> read_edges(std::string_view text, int islands, std::vector<Problem>& problems) {
    std::vector<Edge> edges;
    for (auto first = text.find_first_not_of(separators); first != std::string_view::npos;
         first = text.find_first_not_of(separators)) {
        text.remove_prefix(first);
        const std::string_view word = text.substr(0, text.find_first_of(separators));
        text.remove_prefix(word.size());

        const auto arrow = word.find('>');
        const auto from = read_island(word.substr(0, arrow));
        const auto to = arrow == std::string_view::npos ? std::nullopt : read_island(word.substr(arrow + 1));
        if (!from || !to) {
            problems.push_back({"edges: " + std::string(word), "it is not of the form FROM>TO", "write e.g. 0>1 1>0"});
            continue;
        }
        const std::string reason = objection({*from, *to}, edges, islands);
        if (reason.empty()) {
            edges.push_back({*from, *to});
        } else {
            problems.push_back({"edges: " + std::string(word), reason, "change it or leave it out"});
        }
    }
    return edges;
}

}  // namespace atnas::evo
