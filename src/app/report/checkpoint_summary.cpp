// SPDX-License-Identifier: Apache-2.0
#include "atnas/app/report/checkpoint_summary.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "atnas/app/deck/deck_reader.hpp"
#include "atnas/app/deck/engine_options.hpp"
#include "atnas/app/report/generation_report.hpp"
#include "atnas/app/report/operation_use.hpp"
#include "atnas/core/error.hpp"
#include "atnas/core/shell_text.hpp"
#include "atnas/engine/stored_encodes.hpp"
#include "atnas/space/search_space.hpp"

namespace atnas::app {
namespace {

std::string counted(std::int64_t number, const std::string& noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

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
        summary.text += fmt::format("island {}: {}, best fitness {:.4f}, {} parameters, {} MACs, {}\n", island,
                                    counted(std::ssize(population), "individual"), best.fitness, best.parameters,
                                    best.macs, encode);
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

std::string value_of(const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view name) {
    const auto found = std::ranges::find(pairs, name, &std::pair<std::string, std::string>::first);
    return found == pairs.end() ? "?" : found->second;
}

std::int64_t counter(const io::CheckpointState& state, const std::string& name) {
    const auto found = state.counters.find(name);
    return found == state.counters.end() ? 0 : found->second;
}

bool trains(const io::CheckpointState& state) {
    return state.counters.contains("train_phase");
}

/// What ran, how far it came, who ran it and whether it can be repeated.
std::string about(const io::CheckpointState& state) {
    std::string text;
    if (trains(state)) {
        text = fmt::format("A training on {}: ", state.data.source);
        text += counter(state, "train_phase") == 0
                    ? fmt::format("it searches, {} tried so far", counted(std::ssize(state.archive.judged), "encode"))
                    : fmt::format("step {} of {}", counter(state, "iteration"), counter(state, "train_steps"));
    } else {
        text =
            fmt::format("A search over {}-way {}-shot tasks of {}: iteration {} of {}, {}, {}",
                        value_of(state.deck, "task.way"), value_of(state.deck, "task.shot"), state.data.source,
                        counter(state, "iteration"), value_of(state.deck, "run.iterations"),
                        counted(counter(state, "tasks"), "task"), counted(counter(state, "generation"), "generation"));
    }
    const std::string ranks = value_of(state.provenance, "ranks");  // "?" in files of older programs
    text += fmt::format(".\nStarted {} by {} on {}{}, atnas {}.\n", value_of(state.provenance, "started"),
                        value_of(state.provenance, "user"), value_of(state.provenance, "host"),
                        ranks == "?" ? "" : fmt::format(", {} rank{}", ranks, ranks == "1" ? "" : "s"),
                        value_of(state.provenance, "version"));
    if (const std::int64_t skipped = counter(state, "skipped_steps"); skipped > 0)
        text += fmt::format("{} skipped: no finite meta-gradient, or one too large for an exact sum.\n",
                            counted(skipped, "step"));
    text += state.reproducibility.holds()
                ? fmt::format("It is reproducible from its {}.\n", trains(state) ? "command line" : "deck")
                : fmt::format("It is not reproducible: {}.\n", state.reproducibility.text());
    return text;
}

/// Of all islands. \pre there are any
std::string about_best(const io::CheckpointState& state, const space::SearchSpace* space) {
    evo::Population all;
    for (const evo::Population& population : state.populations)
        all.insert(all.end(), population.begin(), population.end());
    if (all.empty()) return "";
    const evo::Objectives order = order_of(state);
    const evo::Individual& best = best_of(all, order);
    if (!has_accuracy(best)) return "Nobody was judged yet, or nobody's loss was finite.\n";
    return fmt::format(
        "Best network: fitness {:.2f} % of {:.0f} tasks (standard error {:.2f}), {} parameters, {:.2f} million "
        "multiply-adds per image:\n  {}\n",
        100 * best.fitness, best.tasks, 100 * best.fitness_error, best.parameters,
        1e-6 * static_cast<double>(best.macs), encode_text(space, best.genotype));
}

/// What can be done with it now.
std::string next_step(const io::CheckpointState& state) {
    const std::string path = shell_text({state.path.string()});
    if (trains(state)) return fmt::format("Next: the same `atnas train` with --restart={} goes on from here.\n", path);
    if (counter(state, "generation_due") != 0 ||
        std::to_string(counter(state, "iteration")) != value_of(state.deck, "run.iterations"))
        return fmt::format("Next: `atnas search DECK --restart={}` goes on from here.\n", path);
    return fmt::format(
        "Next: `atnas evaluate {0}` judges it, `atnas adapt {0} --data=IMAGES` and `atnas train {0} "
        "--data=SET` use it.\n",
        path);
}

}  // namespace

FileSummary checkpoint_summary(const io::CheckpointState& state) {
    FileSummary summary;
    auto& document = summary.document;
    document["weights"] = state.weights.size();
    document["counters"] = state.counters;
    document["digest"] = state.digest;
    document["migrations"] = state.migrations.size();
    document["reproducible"] = state.reproducibility.holds();
    document["why_not_reproducible"] = state.reproducibility.reasons();
    for (const auto& [name, value] : state.deck) document["deck"][name] = value;
    for (const auto& [name, value] : state.provenance) document["provenance"][name] = value;

    const auto space = space_of(state);
    if (space) engine::expect_legal_encodes(state, *space);
    summary.text += about(state);
    if (!state.populations.empty()) summary.text += about_best(state, space.get());
    summary.text += next_step(state) + "\n";
    add_data(state.data, summary);
    summary.text += fmt::format("{} weights in {} blocks, {} islands, {} migrants so far\n", state.weights.size(),
                                state.manifest.size(), state.populations.size(), state.migrations.size());
    add_training(state, space.get(), summary);
    add_islands(state, space.get(), summary);
    add_front(state, space.get(), summary);
    summary.text += "\nMade by:\n";
    for (const auto& [name, value] : state.provenance) summary.text += fmt::format("  {} = {}\n", name, value);
    summary.text += "\nDeck:\n" + state.deck_text;
    return summary;
}

}  // namespace atnas::app
