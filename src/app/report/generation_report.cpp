// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/generation_report.hpp"

#include <iterator>
#include <numeric>

#include <nlohmann/json.hpp>

#include "atnas/evo/objectives.hpp"

namespace atnas::app {
namespace {

/// The rows of the newest generation.
template <class Record>
std::span<const Record> newest_rows(std::span<const Record> history) {
    auto first = history.end();
    while (first != history.begin() && std::prev(first)->generation == history.back().generation) --first;
    return {first, history.end()};
}

}  // namespace

std::optional<evo::Individual> best_of_newest_generation(std::span<const io::HistoryRecord> history,
                                                         const space::CostModel& costs) {
    const evo::Objectives order;
    std::optional<evo::Individual> best;
    for (const io::HistoryRecord& row : newest_rows(history)) {
        evo::Individual islander;
        islander.genotype = row.best_genotype;
        islander.fitness = row.best;
        const space::Cost cost = costs.subnet(row.best_genotype);
        islander.parameters = cost.parameters;
        islander.macs = cost.macs;
        if (!best || order.better(islander, *best)) best = islander;
    }
    return best;
}

GenerationReport newest_generation(std::span<const io::HistoryRecord> history, std::span<const double> losses,
                                   const space::SearchSpace& space, const space::CostModel& costs) {
    GenerationReport report;
    const auto best = best_of_newest_generation(history, costs);
    if (!best) return report;
    const auto rows = newest_rows(history);
    report.generation = rows.front().generation;
    report.iteration = rows.front().iteration;
    report.best_fitness = best->fitness;
    report.best_encode = space.to_text(best->genotype);
    report.parameters = best->parameters;
    report.macs = best->macs;
    report.mean_fitness = 0.0;
    for (const io::HistoryRecord& row : rows) report.mean_fitness += row.mean / static_cast<double>(rows.size());
    const auto before = history.first(history.size() - rows.size());
    const auto first = before.empty() ? 0 : before.back().iteration;
    const auto since =
        losses.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(report.iteration - first));
    report.loss = std::accumulate(since.begin(), since.end(), 0.0) / static_cast<double>(since.size());
    return report;
}

void add_front(std::span<const io::FrontRecord> fronts, const space::SearchSpace& space, GenerationReport& report) {
    for (const io::FrontRecord& record : newest_rows(fronts)) {
        if (record.generation != report.generation) return;
        report.front.push_back({space.to_text(record.genotype), record.fitness, record.parameters, record.macs,
                                record.memory, record.latency});
        report.hypervolume = record.hypervolume;
    }
}

nlohmann::json json_of(const std::vector<FrontMember>& front) {
    nlohmann::json members = nlohmann::json::array();
    for (const auto& [encode, fitness, parameters, macs, memory, latency] : front)
        members.push_back({{"fitness", fitness},
                           {"params", parameters},
                           {"macs", macs},
                           {"memory", memory},
                           {"latency", latency},
                           {"encode", encode}});
    return members;
}

nlohmann::json json_of(const GenerationReport& r) {
    nlohmann::json document = {{"generation", r.generation},
                               {"iteration", r.iteration},
                               {"tasks", r.tasks},
                               {"loss", r.loss},
                               {"best_fitness", r.best_fitness},
                               {"mean_fitness", r.mean_fitness},
                               {"encode", r.best_encode},
                               {"params", r.parameters},
                               {"macs", r.macs}};
    if (!r.front.empty()) {
        document["front"] = json_of(r.front);
        document["hypervolume"] = r.hypervolume;
    }
    if (r.surrogate_correlation) document["surrogate_correlation"] = *r.surrogate_correlation;
    return document;
}

}  // namespace atnas::app
