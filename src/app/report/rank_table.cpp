// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/rank_table.hpp"

#include <map>
#include <set>
#include <utility>

#include <sched.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "atnas/core/provenance.hpp"

namespace atnas::app {
namespace {

std::vector<int> allowed_cores() {
    std::vector<int> cores;
    cpu_set_t mask;
    CPU_ZERO(&mask);
    // Fails where there are more cores than the set can hold; the table then names none.
    if (sched_getaffinity(0, sizeof mask, &mask) != 0) return cores;
    for (int core = 0; core < CPU_SETSIZE; ++core) {
        if (CPU_ISSET(core, &mask)) cores.push_back(core);
    }
    return cores;
}

/// "0-3,8"
std::string ranges(const std::vector<int>& numbers) {
    std::string text;
    for (std::size_t i = 0; i < numbers.size();) {
        std::size_t end = i + 1;
        while (end < numbers.size() && numbers[end] == numbers[end - 1] + 1) ++end;
        text += fmt::format("{}{}", text.empty() ? "" : ",", numbers[i]);
        if (end - i > 1) text += fmt::format("-{}", numbers[end - 1]);
        i = end;
    }
    return text;
}

std::string wire_text(const RankRow& row) {
    return nlohmann::json{row.host,    row.process, row.rank,  row.first_island,
                          row.islands, row.backend, row.cores, row.threads}
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

RankRow row_of(const std::string& text) {
    const auto json = nlohmann::json::parse(text);
    RankRow row;
    row.host = json[0];
    row.process = json[1];
    row.rank = json[2];
    row.first_island = json[3];
    row.islands = json[4];
    row.backend = json[5];
    row.cores = json[6].get<std::vector<int>>();
    row.threads = json[7];
    return row;
}

}  // namespace

RankRow own_row(int rank, int first_island, int islands, std::string backend, int threads) {
    RankRow row;
    row.host = host_name();
    row.process = static_cast<int>(getpid());
    row.rank = rank;
    row.first_island = first_island;
    row.islands = islands;
    row.backend = std::move(backend);
    row.cores = allowed_cores();
    row.threads = threads;
    return row;
}

std::vector<RankRow> all_rows(const RankRow& own, const comm::Communicator& communicator) {
    std::vector<RankRow> rows;
    const std::vector<int> hosts = communicator.hosts();
    std::map<int, int> on_host;
    for (const std::string& line : communicator.all_gather_line(wire_text(own))) {
        rows.push_back(row_of(line));
        rows.back().local_rank = on_host[hosts[rows.size() - 1]]++;
    }
    return rows;
}

std::string text_of(const RankRow& row) {
    const int last = row.first_island + row.islands - 1;
    std::string islands = "no island of its own";
    if (row.islands == 1) islands = fmt::format("island {}", last);
    if (row.islands > 1) islands = fmt::format("islands {}-{}", row.first_island, last);
    return fmt::format("rank {} (local {}) on {}, process {}: {}, {}{}{}, {} thread{}", row.rank, row.local_rank,
                       row.host, row.process, islands, row.backend, row.cores.empty() ? "" : " on cores ",
                       ranges(row.cores), row.threads, row.threads == 1 ? "" : "s");
}

std::vector<std::string> oversubscribed(const std::vector<RankRow>& rows) {
    struct Host {
        int threads{0};
        std::set<int> cores;
        std::map<std::vector<int>, int> threads_bound;  ///< to the same cores
    };
    std::map<std::string, Host> hosts;
    for (const RankRow& row : rows) {
        Host& host = hosts[row.host];
        host.threads += row.threads;
        host.cores.insert(row.cores.begin(), row.cores.end());
        host.threads_bound[row.cores] += row.threads;
    }
    std::vector<std::string> lines;
    for (const auto& [name, host] : hosts) {
        if (host.cores.empty()) continue;
        const auto too_many = [](int threads, std::size_t cores) { return threads > static_cast<int>(cores); };
        if (too_many(host.threads, host.cores.size())) {
            lines.push_back(
                fmt::format("{} threads on {} core(s) of {}: they take turns, so the run is slower than with "
                            "fewer ranks or threads, or its ranks are bound to too few cores",
                            host.threads, host.cores.size(), name));
            continue;
        }
        for (const auto& [cores, threads] : host.threads_bound) {
            if (too_many(threads, cores.size()))
                lines.push_back(
                    fmt::format("{} threads are bound to core(s) {} of {} and take turns, while others are "
                                "free: check the launcher's binding",
                                threads, ranges(cores), name));
        }
    }
    return lines;
}

}  // namespace atnas::app
