// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/work_report.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace atnas::app {
namespace {

/// A line for people names at most so many.
constexpr std::size_t most_named = 16;

}  // namespace

std::vector<RankWork> all_work(const RankWork& own, const comm::Communicator& communicator) {
    const std::vector<double> part{own.idle_seconds, static_cast<double>(own.items.own),
                                   static_cast<double>(own.items.stolen)};
    const std::vector<double> all = communicator.all_gather(part);
    std::vector<RankWork> ranks;
    for (std::size_t at = 0; at < all.size(); at += part.size())
        ranks.push_back({all[at], {static_cast<std::int64_t>(all[at + 1]), static_cast<std::int64_t>(all[at + 2])}});
    return ranks;
}

std::string text_of(std::span<const RankWork> ranks) {
    std::vector<std::size_t> named(ranks.size());
    std::iota(named.begin(), named.end(), std::size_t{0});
    if (ranks.size() > most_named) {
        std::ranges::stable_sort(named, std::greater{}, [&](std::size_t rank) { return ranks[rank].idle_seconds; });
        named.resize(most_named);
    }
    std::string text;
    for (const std::size_t rank : named) {
        const RankWork& work = ranks[rank];
        text += fmt::format("{}{}: {:.2f}", text.empty() ? "" : ", ", rank, work.idle_seconds);
        if (work.items.stolen > 0)
            text += fmt::format(" ({} of {} taken over from others)", work.items.stolen,
                                work.items.own + work.items.stolen);
    }
    if (named.size() < ranks.size())
        text += fmt::format("; the other {} were idle for less", ranks.size() - named.size());
    return text;
}

nlohmann::json json_of(std::span<const RankWork> ranks) {
    nlohmann::json json{{"idle_seconds", nlohmann::json::array()},
                        {"items", nlohmann::json::array()},
                        {"stolen", nlohmann::json::array()}};
    for (const RankWork& rank : ranks) {
        json["idle_seconds"].push_back(rank.idle_seconds);
        json["items"].push_back(rank.items.own + rank.items.stolen);
        json["stolen"].push_back(rank.items.stolen);
    }
    return json;
}

}  // namespace atnas::app
