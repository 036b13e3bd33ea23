// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/gpu_choice.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "atnas/core/provenance.hpp"

namespace atnas::engine {
namespace {

constexpr const char* sparing =
    "start as many ranks per host as it has GPUs, each seeing all of them or its own only "
    "(srun --gpus-per-task=1), or set runtime.backend = onednn";

std::string wire_text(const backend::VisibleGpus& seen) {
    auto gpus = nlohmann::json::array();
    for (const backend::Gpu& gpu : seen.gpus)
        gpus.push_back({gpu.name, gpu.id.pci_address, gpu.id.uuid, gpu.memory, gpu.obstacle});
    return nlohmann::json{host_name(), seen.obstacle, gpus}.dump(-1, ' ', false,
                                                                 nlohmann::json::error_handler_t::replace);
}

RankGpus gpus_in(const std::string& text) {
    const auto json = nlohmann::json::parse(text);
    RankGpus rank;
    rank.host_name = json[0];
    rank.seen.obstacle = json[1];
    for (const auto& gpu : json[2]) rank.seen.gpus.push_back({gpu[0], {gpu[1], gpu[2]}, gpu[3], gpu[4]});
    return rank;
}

using Ids = std::vector<backend::DeviceId>;

/// What a rank can use, by their numbers there.
Ids usable(const RankGpus& rank) {
    Ids ids;
    for (const backend::Gpu& gpu : rank.seen.gpus)
        if (gpu.obstacle.empty()) ids.push_back(gpu.id);
    return ids;
}

int number_of(const backend::DeviceId& id, const RankGpus& rank) {
    const auto found = std::ranges::find(rank.seen.gpus, id, &backend::Gpu::id);
    return static_cast<int>(found - rank.seen.gpus.begin());
}

template <class List>
std::vector<std::string> labels_of(const List& ids, const std::set<std::string>& shared) {
    std::vector<std::string> labels;
    for (const backend::DeviceId& id : ids) labels.push_back(label_of(id, shared));
    return labels;
}

Problem problem_with(std::string reason, std::string suggestion) {
    return {"backend 'cuda' cannot be used", std::move(reason), std::move(suggestion)};
}

Problem none_for(int rank, const RankGpus& ranks) {
    Ids all;
    for (const backend::Gpu& gpu : ranks.seen.gpus) all.push_back(gpu.id);
    const std::set<std::string> shared = shared_addresses(all);
    std::vector<std::string> reasons;
    for (const backend::Gpu& gpu : ranks.seen.gpus)
        reasons.push_back(fmt::format("{} {}: {}", gpu.name, label_of(gpu.id, shared), gpu.obstacle));
    return problem_with(
        fmt::format("rank {} on host {} can use no GPU: {}", rank, ranks.host_name,
                    reasons.empty() ? ranks.seen.obstacle : fmt::format("{}", fmt::join(reasons, ", "))),
        "choose backend 'auto', 'onednn' or 'reference'");
}

/// The GPUs of one host's ranks, in the order of the ranks; or why there are not enough.
struct HostChoice {
    Ids ids;
    std::optional<Problem> problem;
};

HostChoice choose_on_host(const std::vector<int>& members, const std::vector<RankGpus>& ranks) {
    std::vector<Ids> lists;
    std::set<std::set<backend::DeviceId>> different;
    std::set<backend::DeviceId> all;
    std::size_t sum = 0;
    for (const int rank : members) {
        lists.push_back(usable(ranks[static_cast<std::size_t>(rank)]));
        different.emplace(lists.back().begin(), lists.back().end());
        all.insert(lists.back().begin(), lists.back().end());
        sum += lists.back().size();
    }
    const std::string& host = ranks[static_cast<std::size_t>(members.front())].host_name;
    const std::set<std::string> shared = shared_addresses({all.begin(), all.end()});
    HostChoice choice;
    if (sum == all.size()) {
        for (const auto& list : lists) choice.ids.push_back(list.front());
    } else if (different.size() > 1) {
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < members.size(); ++i)
            seen.push_back(fmt::format("rank {} sees {}", members[i], fmt::join(labels_of(lists[i], shared), " ")));
        choice.problem = problem_with(
            fmt::format("the ranks on host {} see different GPUs, some in common: {}", host, fmt::join(seen, ", ")),
            sparing);
    } else if (all.size() < members.size()) {
        choice.problem =
            problem_with(fmt::format("ranks {} on host {} see {} usable GPU(s), {}", fmt::join(members, ", "), host,
                                     all.size(), fmt::join(labels_of(all, shared), ", ")),
                         sparing);
    } else {
        choice.ids.assign(lists.front().begin(), lists.front().begin() + static_cast<std::ptrdiff_t>(members.size()));
    }
    return choice;
}

}  // namespace

std::set<std::string> shared_addresses(const std::vector<backend::DeviceId>& ids) {
    std::map<std::string, std::set<std::string>> uuids;
    for (const backend::DeviceId& id : ids) uuids[id.pci_address].insert(id.uuid);
    std::set<std::string> shared;
    for (const auto& [address, own] : uuids)
        if (own.size() > 1) shared.insert(address);
    return shared;
}

std::string label_of(const backend::DeviceId& id, const std::set<std::string>& shared) {
    return shared.contains(id.pci_address) ? fmt::format("{} {}", id.pci_address, id.uuid) : id.pci_address;
}

std::vector<RankGpus> gpus_of_ranks(const comm::Communicator& communicator) {
    const std::vector<int> hosts = communicator.hosts();
    std::vector<RankGpus> ranks;
    for (const std::string& line : communicator.all_gather_line(wire_text(backend::visible_gpus()))) {
        ranks.push_back(gpus_in(line));
        ranks.back().host = hosts[ranks.size() - 1];
    }
    return ranks;
}

GpuChoice choose_gpus(const std::vector<RankGpus>& ranks) {
    std::map<int, std::vector<int>> members;
    for (std::size_t rank = 0; rank < ranks.size(); ++rank) {
        if (usable(ranks[rank]).empty()) return {{}, none_for(static_cast<int>(rank), ranks[rank])};
        members[ranks[rank].host].push_back(static_cast<int>(rank));
    }
    GpuChoice choice{std::vector<int>(ranks.size()), {}};
    for (const auto& [host, own] : members) {
        HostChoice here = choose_on_host(own, ranks);
        if (here.problem) return {{}, std::move(here.problem)};
        for (std::size_t i = 0; i < own.size(); ++i) {
            const auto rank = static_cast<std::size_t>(own[i]);
            choice.devices[rank] = number_of(here.ids[i], ranks[rank]);
        }
    }
    return choice;
}

}  // namespace atnas::engine
