// SPDX-License-Identifier: Apache-2.0
#include "atnas/engine/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <numeric>
#include <set>

#include "atnas/core/contract.hpp"

namespace atnas::engine {
namespace {

using Row = std::span<const double>;

double mean(Row values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// A part of the tasks that the same genotypes saw.
struct Part {
    std::size_t begin, end;
    std::vector<double> means;  ///< over these genotypes, by task
    std::size_t genotypes;
};

std::vector<Part> parts_of(std::span<const Row> rows) {
    std::set<std::size_t> ends;
    for (const Row row : rows) ends.insert(row.size());
    std::vector<Part> parts;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        Part part{begin, end, std::vector<double>(end - begin), 0};
        for (const Row row : rows) {
            if (row.size() < end) continue;
            ++part.genotypes;
            for (std::size_t t = begin; t < end; ++t) part.means[t - begin] += row[t];
        }
        for (double& sum : part.means) sum /= static_cast<double>(part.genotypes);
        parts.push_back(std::move(part));
        begin = end;
    }
    return parts;
}

double error_of(Row row, std::span<const Part> parts) {
    double squares = 0;
    std::size_t freedom = 0;
    for (const Part& part : parts) {
        if (row.size() < part.end || part.genotypes < 2) continue;
        std::vector<double> deviations(row.begin() + static_cast<std::ptrdiff_t>(part.begin),
                                       row.begin() + static_cast<std::ptrdiff_t>(part.end));
        for (std::size_t t = 0; t < deviations.size(); ++t) deviations[t] -= part.means[t];
        const double centre = mean(deviations);
        double sum = 0;
        for (const double deviation : deviations) sum += (deviation - centre) * (deviation - centre);
        squares += sum / (1 - 1 / static_cast<double>(part.genotypes));
        freedom += deviations.size() - 1;
    }
    return freedom == 0 ? 0 : std::sqrt(squares / static_cast<double>(freedom * row.size()));
}

/// How much more accurate those that saw all tasks are on all of them than on the first \p seen.
double gain_after(std::size_t seen, std::span<const Row> rows, std::size_t all) {
    double sum = 0;
    int finishers = 0;
    for (const Row row : rows) {
        if (row.size() < all) continue;
        sum += mean(row) - mean(row.first(seen));
        ++finishers;
    }
    return sum / finishers;
}

}  // namespace

std::vector<Evidence> evidence_of(const Accuracies& accuracies) {
    const auto is_whole = [](const std::vector<double>& row) {
        return !row.empty() && std::ranges::all_of(row, [](double x) { return std::isfinite(x); });
    };
    std::vector<Row> rows;
    std::size_t all = 0;
    for (const std::vector<double>& row : accuracies) {
        if (!is_whole(row)) continue;
        rows.emplace_back(row);
        all = std::max(all, row.size());
    }
    const std::vector<Part> parts = parts_of(rows);
    std::map<std::size_t, double> gains;  // by tasks seen: many have seen the same
    for (const Row row : rows)
        if (row.size() < all && !gains.contains(row.size())) gains[row.size()] = gain_after(row.size(), rows, all);
    std::vector<Evidence> evidence;
    for (const std::vector<double>& row : accuracies) {
        Evidence& own = evidence.emplace_back();
        if (!is_whole(row)) continue;
        own = {mean(row), error_of(row, parts), static_cast<double>(row.size())};
        if (row.size() < all) own.fitness = std::clamp(own.fitness + gains.at(row.size()), 0.0, 1.0);
    }
    return evidence;
}

void remember(std::span<Evidence> now, std::span<const std::optional<Evidence>> former, double memory) {
    ATNAS_EXPECT(now.size() == former.size());
    if (memory == 0) return;
    const auto is_elder = [&](std::size_t k) { return former[k] && std::isfinite(now[k].fitness); };
    double shift = 0;
    double elders = 0;
    for (std::size_t k = 0; k < now.size(); ++k) {
        if (!is_elder(k)) continue;
        shift += now[k].fitness - former[k]->fitness;
        ++elders;
    }
    if (elders < 2) return;
    shift /= elders;
    for (std::size_t k = 0; k < now.size(); ++k) {
        if (!is_elder(k)) continue;
        const auto [fitness, error, tasks] = now[k];
        const double remembered = memory * former[k]->tasks;
        const double all = remembered + tasks;
        const double joined = (remembered * (former[k]->fitness + shift) + tasks * fitness) / all;
        const double variance =
            (remembered * former[k]->tasks * former[k]->error * former[k]->error + tasks * tasks * error * error) /
            (all * all);
        now[k] = {std::clamp(joined, 0.0, 1.0), std::sqrt((1 - 1 / elders) * variance + error * error / elders), all};
    }
}

}  // namespace atnas::engine
