// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/checkpoint_summary.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/app/report/operation_use.hpp"
#include "atnas/core/error.hpp"
#include "atnas/engine/stored_encodes.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

/// The space of a checkpoint's deck, to read encodes with. Null when this version cannot read the deck any more.
std::unique_ptr<space::SearchSpace> space_of(const io::CheckpointState& state) {
    try {
        space::NetworkOptions network = stored_deck(state).space;
        network.max_macs = network.max_parameters = 0;  // the images that they count for are not known here
        return make_search_space(network);
    } catch (const Error&) {
        return nullptr;
    }
}

/// By which the search ranks individuals of an island.
evo::Objectives order_of(const io::CheckpointState& state) {
    try {
        return objectives(stored_deck(state));
    } catch (const Error&) {
        return evo::Objectives();  // of a deck that this version cannot read any more
    }
}

/// \pre population is not empty
const evo::Individual& best_of(const evo::Population& population, const evo::Objectives& order) {
    return *std::ranges::min_element(population, [&](const auto& a, const auto& b) { return order.better(a, b); });
}

void add_data(const io::DataRecord& data, FileSummary& summary) {
    summary.document["data"] = {{"source", data.source},
                                {"digest", data.digest},
                                {"train", data.train},
                                {"validation", data.validation},
                                {"test", data.test}};
    summary.text += fmt::format("data {}, digest {}: {} classes for training, {} for validation, {} for test\n",
                                data.source, data.digest, data.train.size(), data.validation.size(), data.test.size());
}

/// Null stands for a space that encodes cannot be read with.
std::string encode_text(const space::SearchSpace* space, const space::Genotype& genotype) {
    return space ? space->to_text(genotype) : "(of a deck that this version cannot read)";
}

/// Of the newest generation that has one.
void add_front(const io::CheckpointState& state, const space::SearchSpace* space, FileSummary& summary) {
    if (state.fronts.empty() || space == nullptr) return;
    GenerationReport report;
    report.generation = state.fronts.back().generation;
    add_front(state.fronts, *space, report);
    summary.text += fmt::format("front of generation {} over all islands, hypervolume {:.4f}:\n", report.generation,
                                report.hypervolume);
    for (const FrontMember& member : report.front)
        summary.text +=
            fmt::format("  fitness {:.4f}, {} parameters, {} MACs, {} bytes{}, {}\n", member.fitness, member.parameters,
                        member.macs, member.memory,
                        std::isnan(member.latency) ? "" : fmt::format(", {:.1f} us", member.latency), member.encode);
    summary.document["front"] = json_of(report.front);
    summary.document["hypervolume"] = report.hypervolume;
}

void add_islands(const io::CheckpointState& state, const space::SearchSpace* space, FileSummary& summary) {
    summary.document["islands"] = nlohmann::json::array();
    const evo::Objectives order = order_of(state);
    for (std::size_t island = 0; island < state.populations.size(); ++island) {
        const auto& population = state.populations[island];
        if (population.empty()) continue;
        const evo::Individual& best = best_of(population, order);
        const std::string encode = encode_text(space, best.genotype);
        summary.text += fmt::format("island {}: {} individuals, best fitness {:.4f}, {} parameters, {} MACs, {}\n",
                                    island, population.size(), best.fitness, best.parameters, best.macs, encode);
        // NaN, which stands for "not evaluated", has no JSON form and becomes null.
        nlohmann::json members = nlohmann::json::array();
        for (const evo::Individual& member : population)
            members.push_back({{"encode", encode_text(space, member.genotype)},
                               {"fitness", member.fitness},
                               {"age", member.age},
                               {"params", member.parameters},
                               {"macs", member.macs}});
        summary.document["islands"].push_back({{"individuals", population.size()},
                                               {"best_fitness", best.fitness},
                                               {"params", best.parameters},
                                               {"macs", best.macs},
                                               {"encode", encode},
                                               {"members", std::move(members)}});
    }
}

/// Which operations trained least and most.
void add_training(const io::CheckpointState& state, const space::SearchSpace* space, FileSummary& summary) {
    if (space == nullptr) return;
    const auto use = operation_use(space->genes(), state.path_counts);
    if (!use) return;
    summary.document["operations"] = json_of(*use);
    summary.text += text_of(*use) + "\n";
}

}  // namespace

FileSummary checkpoint_summary(const io::CheckpointState& state) {
    FileSummary summary;
    auto& document = summary.document;
    document["weights"] = state.weights.size();
    document["counters"] = state.counters;
    document["digest"] = state.digest;
    document["migrations"] = state.migrations.size();
    const bool reproducible = state.reproducible == io::Reproducible::yes;
    document["reproducible"] = reproducible;
    for (const auto& [name, value] : state.deck) document["deck"][name] = value;
    for (const auto& [name, value] : state.provenance) document["provenance"][name] = value;

    for (const auto& [name, value] : state.counters) summary.text += fmt::format("{} {}\n", name, value);
    summary.text += fmt::format("{} weights in {} blocks, {} islands, {} migrants so far\n", state.weights.size(),
                                state.manifest.size(), state.populations.size(), state.migrations.size());
    summary.text += reproducible
                        ? "reproducible from its deck\n"
                        : "not reproducible: the fast reduction, the fastest algorithms of a GPU, other algorithms on "
                          "other ranks, a changed deck or, in an older version, asynchronous migration took part\n";
    add_data(state.data, summary);
    const auto space = space_of(state);
    if (space) engine::expect_legal_encodes(state, *space);
    add_training(state, space.get(), summary);
    add_islands(state, space.get(), summary);
    add_front(state, space.get(), summary);
    summary.text += "\nMade by:\n";
    for (const auto& [name, value] : state.provenance) summary.text += fmt::format("  {} = {}\n", name, value);
    summary.text += "\nDeck:\n" + state.deck_text;
    return summary;
}

}  // namespace atnas::app
